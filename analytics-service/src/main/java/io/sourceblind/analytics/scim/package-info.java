// SPDX-License-Identifier: Apache-2.0
/// Members and teams for an organization's identity provider (SCIM 2.0, RFC 7643 and 7644), with a
/// token that is good for this and nothing else. It says who is a member and in which team, and no
/// number about anybody's work.
@NullMarked
package io.sourceblind.analytics.scim;

import org.jspecify.annotations.NullMarked;
