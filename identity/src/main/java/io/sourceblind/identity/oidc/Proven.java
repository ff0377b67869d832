// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who a provider says somebody is.
///
/// @param issuer and `subject`: the only name by which they are known again
/// @param email their address, or null if the provider does not say that it is theirs
/// @param name how they are called; null if nobody says
/// @param provedAt when they last showed the provider who they are; null if it does not say
/// @param methods how they did, in the words of RFC 8176
/// @param factorClass the class of how they did, in the provider's words
public record Proven(
    String issuer,
    String subject,
    @Nullable String email,
    @Nullable String name,
    @Nullable Instant provedAt,
    Set<String> methods,
    @Nullable String factorClass) {}
