// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of an ID token, each by itself. A token is taken if all of them hold.
enum Rule {
  ALGORITHM("is signed with an algorithm that is not taken here") {
    @Override
    boolean holds(Presented token) {
      return ALGORITHMS.contains(token.jwt().getHeader().getAlgorithm());
    }
  },
  TYPE("is of another type") {
    @Override
    boolean holds(Presented token) {
      var type = token.jwt().getHeader().getType();
      return type == null || type.equals(JOSEObjectType.JWT);
    }
  },
  SIGNATURE("is not signed with a key of the provider") {
    @Override
    boolean holds(Presented token) {
      return token.keys().stream().anyMatch(key -> signed(key, token.jwt()));
    }
  },
  ISSUER("is of another issuer") {
    @Override
    boolean holds(Presented token) {
      return token.client().issuer().toString().equals(token.claims().getIssuer());
    }
  },
  AUDIENCE("is for somebody else") {
    @Override
    boolean holds(Presented token) {
      return token.claims().getAudience().contains(token.client().id());
    }
  },
  AUTHORIZED_PARTY("was asked for by somebody else") {
    @Override
    boolean holds(Presented token) {
      var party = token.claims().getClaim("azp");
      return party == null
          ? token.claims().getAudience().size() == 1
          : party.equals(token.client().id());
    }
  },
  EXPIRY("is too old") {
    @Override
    boolean holds(Presented token) {
      var expires = at(token.claims().getExpirationTime());
      return expires != null && expires.plus(SKEW).isAfter(token.now());
    }
  },
  ISSUED("was not issued just now") {
    @Override
    boolean holds(Presented token) {
      var issued = at(token.claims().getIssueTime());
      return issued != null
          && !issued.isAfter(token.now().plus(SKEW))
          && issued.isAfter(token.now().minus(FRESH));
    }
  },
  NOT_BEFORE("is good only later") {
    @Override
    boolean holds(Presented token) {
      var from = at(token.claims().getNotBeforeTime());
      return from == null || !from.isAfter(token.now().plus(SKEW));
    }
  },
  NONCE("belongs to another sign-in") {
    @Override
    boolean holds(Presented token) {
      return token.claims().getClaim("nonce") instanceof String nonce
          && MessageDigest.isEqual(nonce.getBytes(UTF_8), token.nonce().getBytes(UTF_8));
    }
  },
  SUBJECT("names nobody") {
    @Override
    boolean holds(Presented token) {
      var subject = token.claims().getSubject();
      return subject != null
          && !subject.isBlank()
          && subject.length() <= LONGEST_SUBJECT
          && subject.chars().noneMatch(Character::isISOControl);
    }
  },
  CLAIM("is of another customer of the provider") {
    @Override
    boolean holds(Presented token) {
      var wanted = token.client().claim();
      return wanted == null || wanted.value().equals(token.claims().getClaim(wanted.name()));
    }
  };

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final int LONGEST_SUBJECT = 255;
  private static final int SMALLEST_RSA = 2048;

  private final String fault;

  Rule(String fault) {
    this.fault = fault;
  }

  /// A token, and what it is held against.
  ///
  /// @param keys those of the provider that the token's header may mean
  record Presented(
      SignedJWT jwt,
      JWTClaimsSet claims,
      List<JWK> keys,
      Client client,
      String nonce,
      Instant now) {}

  abstract boolean holds(Presented token);

  String fault() {
    return "The provider's token " + fault + ".";
  }

  private static @Nullable Instant at(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }

  private static boolean signed(JWK key, SignedJWT jwt) {
    if (!(key instanceof AsymmetricJWK asymmetric)
        || (key instanceof RSAKey rsa && rsa.size() < SMALLEST_RSA)) {
      return false;
    }
    try {
      return jwt.verify(
          Objects.requireNonNull(
              new DefaultJWSVerifierFactory()
                  .createJWSVerifier(jwt.getHeader(), asymmetric.toPublicKey())));
    } catch (JOSEException _) {
      // The header asks for what this key cannot be: it is not signed with it.
      return false;
    }
  }
}
