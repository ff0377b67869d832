// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the server's rules were when the engineer accepted them: the fields it lets in, and the
/// tables that keep them. As long as the server shows other ones, nothing is sent.
///
/// @param allowlist the SHA-256 of the server's list of fields
/// @param database the SHA-256 of what its tables can hold
public record Contract(String allowlist, String database) {

  static final String FILE = "contract.json";

  public Contract {
    if (!allowlist.matches("[0-9a-f]{64}") || !database.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("A contract has two fingerprints");
    }
  }

  /// Asks the server what its rules are now.
  ///
  /// @throws Enrolment.Refused where it does not say
  public static Contract ask(URI server, String token) throws Enrolment.Refused {
    HttpRequest request =
        HttpRequest.newBuilder(Enrolment.at(server, "/v1/contract"))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .GET()
            .build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      HttpResponse<String> response = Enrolment.answer(http, request, Exchange.TIMEOUT);
      return switch (response.statusCode()) {
        case 200 -> read(response.body());
        case 401 ->
            throw new Enrolment.Refused(
                server
                    + " does not know this device's token. Run `capture enroll` with a new one.");
        default ->
            throw new Enrolment.Refused(
                server + " answered " + response.statusCode() + " when asked for its rules.");
      };
    } catch (JacksonException | IllegalArgumentException _) {
      throw new Enrolment.Refused(server + " does not say what its rules are.");
    } catch (IOException unreachable) {
      throw new Enrolment.Refused(
          "Cannot reach " + server + " (" + Uploader.describe(unreachable) + ").");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Enrolment.Refused("Asking for the server's rules was interrupted.");
    }
  }

  private static Contract read(String json) {
    JsonNode node = WireJson.read(json);
    return new Contract(Enrolment.text(node, "allowlist"), Enrolment.text(node, "database"));
  }

  /// Saves it as what was accepted of a server.
  public void save(CaptureFolder folder, Enrolment enrolment) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("allowlist", allowlist);
    fields.put("database", database);
    fields.put("whose", enrolment.whose());
    folder.replace(FILE, WireJson.write(fields) + "\n");
  }

  /// What was accepted of a server, if anything was.
  public static Optional<Contract> accepted(CaptureFolder folder, Enrolment enrolment)
      throws IOException {
    String json = folder.text(FILE);
    try {
      return json == null || !Enrolment.text(WireJson.read(json), "whose").equals(enrolment.whose())
          ? Optional.empty()
          : Optional.of(read(json));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// One name for both, to say which rules are meant.
  public String fingerprint() {
    return Sha256.of(allowlist + "\n" + database);
  }

  /// In what these rules differ from others, in words.
  public String differenceTo(Contract other) {
    List<String> parts = new ArrayList<>();
    if (!allowlist.equals(other.allowlist)) {
      parts.add("the list of fields it lets in");
    }
    if (!database.equals(other.database)) {
      parts.add("the tables that keep them");
    }
    return String.join(" and ", parts);
  }
}
