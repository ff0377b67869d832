// SPDX-License-Identifier: Apache-2.0
/// Every service in one process over an embedded Postgres: for trying the product out and for the
/// tests that need all of it. Each service keeps its own context, port and database login.
@NullMarked
package io.sourceblind.allinone;

import org.jspecify.annotations.NullMarked;
