// SPDX-License-Identifier: Apache-2.0
/// The schema, and the one door to it. Migrations lie in `db/migrations`; every statement of a
/// service goes through [TenantDatabase], which takes one role and one organization for one
/// transaction. No other package touches a data source.
@NullMarked
package io.sourceblind.db;

import org.jspecify.annotations.NullMarked;
