// SPDX-License-Identifier: Apache-2.0
/// Asks an organization's OpenID provider who somebody is, and believes nothing that is not signed
/// for us, for this browser and for now. It knows no person, no organization and no database.
@NullMarked
package io.sourceblind.identity.oidc;

import org.jspecify.annotations.NullMarked;
