// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who a provider says somebody is.
///
/// @param id of the assertion, which is taken once
/// @param subject the only name by which they are known again
/// @param email their address, if it says one
/// @param name how they are called, if it says that
/// @param provedAt when they showed the provider who they are
/// @param factorClass the class of how they did
public record Asserted(
    String id,
    String subject,
    @Nullable String email,
    @Nullable String name,
    Instant provedAt,
    @Nullable String factorClass) {}
