// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The only way out to providers. A customer names their addresses, so nothing inside our own
/// network is reached by them unless the operator says so; no redirect is followed, and no answer
/// is waited for long or read beyond its bounds.
public final class Outward {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 512 * 1024;
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int SHARED_BY_CARRIERS = 100;

  private final boolean inside;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /// @param inside whether a provider may be inside the operator's own network, and on this machine
  ///   without TLS
  public Outward(boolean inside) {
    this.inside = inside;
  }

  String get(URI address, Map<String, String> headers) {
    return send(HttpRequest.newBuilder(demandAllowed(address)).GET(), headers);
  }

  String post(URI address, Map<String, String> form, Map<String, String> headers) {
    return send(
        HttpRequest.newBuilder(demandAllowed(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form))),
        headers);
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field ->
            URLEncoder.encode(field.getKey(), UTF_8)
                + "="
                + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  /// An address with a host, over TLS; nothing is looked up.
  URI demandWellFormed(URI address) {
    var host = address.getHost();
    if (host == null || address.getUserInfo() != null || address.getFragment() != null) {
      throw new NotAccepted("The provider's address has a host, and no user and no fragment.");
    }
    var near = inside && "http".equals(address.getScheme()) && THIS_MACHINE.contains(host);
    if (!near && !"https".equals(address.getScheme())) {
      throw new NotAccepted("The provider's address begins with https.");
    }
    return address;
  }

  private URI demandAllowed(URI address) {
    demandWellFormed(address);
    if (!inside && isInside(address.getHost())) {
      throw new NotAccepted(
          "The provider's address is inside the network of this installation; its operator may"
              + " allow that.");
    }
    return address;
  }

  // Java keeps a looked-up address for half a minute, so what was looked at is what is called.
  private static boolean isInside(String host) {
    try {
      return Stream.of(InetAddress.getAllByName(host)).anyMatch(Outward::isInside);
    } catch (UnknownHostException unknown) {
      throw new NotAccepted("The provider's host is not known.", unknown);
    }
  }

  static boolean isInside(InetAddress address) {
    var bytes = address.getAddress();
    var first = Byte.toUnsignedInt(bytes[0]);
    var second = Byte.toUnsignedInt(bytes[1]);
    var unique = address instanceof Inet6Address && (first & 0xfe) == 0xfc;
    var carriers = bytes.length == 4 && first == SHARED_BY_CARRIERS && (second & 0xc0) == 0x40;
    // 64:ff9b::/16 and 2002::/16 wrap an address of the other kind, which may be one inside.
    var wrapped =
        bytes.length == 16 && ((first == 0x20 && second == 0x02) || (first == 0 && second == 0x64));
    return unique
        || carriers
        || wrapped
        || (bytes.length == 4 && first == 0)
        || address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress();
  }

  private String send(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::header);
    request.header("Accept", "application/json").timeout(PATIENCE);
    var sent =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER));
    try {
      // The time-out of a request ends with the headers; a body may drip.
      HttpResponse<String> answer = sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != 200) {
        throw new NotAccepted(
            "The provider answered with %d instead of 200.".formatted(answer.statusCode()));
      }
      return answer.body();
    } catch (ExecutionException failed) {
      throw new NotAccepted(
          failed.getCause() instanceof IOException
              ? "The provider cannot be reached, or its answer is too long."
              : "The provider cannot be asked.",
          failed);
    } catch (TimeoutException late) {
      sent.cancel(true);
      throw new NotAccepted("The provider did not answer within ten seconds.", late);
    } catch (InterruptedException interrupted) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new NotAccepted("The provider was not waited for.", interrupted);
    }
  }
}
