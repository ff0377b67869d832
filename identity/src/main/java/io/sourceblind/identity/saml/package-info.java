// SPDX-License-Identifier: Apache-2.0
/// Asks an organization's SAML 2.0 provider who somebody is. A response is read only where it is
/// signed with a key that the organization has entered, and only the bytes that the signature
/// covers are read. It knows no person, no organization and no database.
@NullMarked
package io.sourceblind.identity.saml;

import org.jspecify.annotations.NullMarked;
