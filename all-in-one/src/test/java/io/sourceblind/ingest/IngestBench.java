// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Raw `COPY` into a bare table, the guarded insert, and the whole way over HTTP, in one run and
/// with the same batches and clients; run by `bench/ingest`, which holds the goals.
final class IngestBench {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BATCH = 500;
  private static final int CLIENTS = 4;
  private static final String PEPPER =
      Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));

  private final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  private final List<ObjectNode> samples = samples();
  private final int batches;
  private UUID organization = UUID.randomUUID();
  private UUID person = UUID.randomUUID();
  private String token = "";

  private IngestBench(int batches) {
    this.batches = batches;
  }

  /// Measures and prints.
  ///
  /// @param args how many batches each of the clients sends (40 unless said otherwise)
  public static void main(String[] args) throws Exception {
    var bench = new IngestBench(args.length == 0 ? 40 : Integer.parseInt(args[0]));
    bench.enrol();
    bench.copy(4);
    bench.insert(4);
    var copied = bench.copy(bench.batches);
    var inserted = bench.insert(bench.batches);
    var sent = bench.overHttp();
    var copiedAgain = bench.copy(bench.batches);
    var raw = (copied + copiedAgain) / 2;
    System.out.printf(Locale.ROOT, "raw COPY         %,10.0f rows/s%n", raw);
    System.out.printf(Locale.ROOT, "guarded insert   %,10.0f rows/s%n", inserted);
    System.out.printf(Locale.ROOT, "end to end       %,10.0f events/s%n", sent);
    System.out.printf(Locale.ROOT, "value guarded_of_copy %.3f%n", inserted / raw);
    System.out.printf(Locale.ROOT, "value end_to_end_of_copy %.3f%n", sent / raw);
    System.out.printf(Locale.ROOT, "value events_per_second %.0f%n", sent);
    System.exit(0);
  }

  private void enrol() {
    var clock = Clock.systemUTC();
    var audit = new AuditLog(clock);
    var by = Actor.job("bench");
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    organization = organizations.create("Bench", by);
    person =
        organizations.addPerson(
            organization, null, "A", "a@example.com", Role.ENGINEER, LocalDate.now(clock), by);
    token =
        new Credentials(identity, Pepper.of(PEPPER), audit, clock)
            .mint(organization, person, CredentialKind.DEVICE, "bench", Duration.ofDays(1), by)
            .secret();
  }

  /// The limit: the same columns without a domain, a check, a key or a policy.
  private double copy(int each) throws Exception {
    var jdbc = JdbcClient.create(database.superuser());
    jdbc.sql("drop table if exists bare").update();
    jdbc.sql(
            """
            do $$
            begin
              execute (
                select 'create table bare (' || string_agg(quote_ident(a.attname) || ' ' ||
                         format_type(case when t.typtype = 'd' then t.typbasetype
                                          when e.typtype = 'd' then 'text[]'::regtype::oid
                                          else t.oid end, null), ', ' order by a.attnum) || ')'
                  from pg_attribute a
                  join pg_type t on t.oid = a.atttypid
                  left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
                 where a.attrelid = 'capture.event'::regclass and a.attnum > 0);
            end $$
            """)
        .update();
    insert(1);
    var columns =
        jdbc.sql(
                """
                select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                 where attrelid = 'bare'::regclass and attnum > 0
                """)
            .query(String.class)
            .single();
    var connection = database.superuser().getConnection();
    var out = new ByteArrayOutputStream();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut(
            "copy (select %s from capture.event order by event_id desc limit %d) to stdout"
                .formatted(columns, BATCH),
            out);
    connection.close();
    var rows = out.toByteArray();
    return rate(
        each,
        () -> {
          var own = database.superuser().getConnection();
          return new Client() {
            @Override
            public void send() throws Exception {
              own.unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn("copy bare from stdin", new ByteArrayInputStream(rows));
            }

            @Override
            public void close() throws Exception {
              own.close();
            }
          };
        });
  }

  private double insert(int each) throws Exception {
    try (HikariDataSource pool = database.pool(Login.INGEST)) {
      var store = new EventStore(TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER));
      return rate(
          each,
          () -> {
            var made = made(each);
            var sender = new Tenant(organization, person);
            return () -> store.add(List.of(store.batch(sender, made.removeLast(), List.of())));
          });
    }
  }

  private double overHttp() throws Exception {
    var arguments = new ArrayList<String>();
    database
        .propertiesFor(Login.INGEST)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.addAll(
        List.of(
            "--spring.config.name=ingest-api",
            "--server.port=0",
            "--ingest.per-device=1000000",
            "--ingest.per-organization=1000000",
            "--identity.pepper=" + PEPPER));
    try (var context =
            new SpringApplicationBuilder(IngestApi.class)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments.toArray(String[]::new));
        var http = HttpClient.newHttpClient()) {
      var server = ((WebServerApplicationContext) context).getWebServer();
      var port = Objects.requireNonNull(server).getPort();
      var address = URI.create("http://127.0.0.1:" + port + "/v1/events");
      Callable<Client> client = () -> poster(http, address, each(batches));
      rate(4, () -> poster(http, address, each(4)));
      return rate(batches, client);
    }
  }

  private List<byte[]> each(int count) throws IOException {
    var bodies = new ArrayList<byte[]>();
    for (var batch : made(count)) {
      var bytes = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(bytes)) {
        for (var event : batch) {
          gzip.write(JSON.writeValueAsBytes(event));
          gzip.write('\n');
        }
      }
      bodies.add(bytes.toByteArray());
    }
    return bodies;
  }

  private Client poster(HttpClient http, URI address, List<byte[]> bodies) {
    return () -> {
      var answer =
          http.send(
              HttpRequest.newBuilder(address)
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/x-ndjson")
                  .header("Content-Encoding", "gzip")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(bodies.removeLast()))
                  .build(),
              HttpResponse.BodyHandlers.ofString(UTF_8));
      if (answer.statusCode() != 200 || answer.body().contains("refused")) {
        throw new IllegalStateException(
            answer.statusCode() + " " + answer.body().substring(0, 300));
      }
    };
  }

  /// Sends batches; what it sends is made before the clock starts.
  private interface Client {
    void send() throws Exception;

    default void close() throws Exception {}
  }

  private static double rate(int each, Callable<Client> maker) throws Exception {
    var clients = new ArrayList<Client>();
    for (var number = 0; number < CLIENTS; number++) {
      clients.add(maker.call());
    }
    var start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<?>>();
      for (var client : clients) {
        running.add(
            threads.submit(() -> {
              for (var batch = 0; batch < each; batch++) {
                client.send();
              }
              return null;
            }));
      }
      for (var one : running) {
        one.get();
      }
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    for (var client : clients) {
      client.close();
    }
    return CLIENTS * each * BATCH / seconds;
  }

  private List<List<JsonNode>> made(int count) {
    var random = new SplittableRandom();
    var made = new ArrayList<List<JsonNode>>();
    for (var batch = 0; batch < count; batch++) {
      var events = new ArrayList<JsonNode>();
      for (var number = 0; number < BATCH; number++) {
        events.add(fresh(samples.get(random.nextInt(samples.size())), random));
      }
      made.add(events);
    }
    return made;
  }

  private static ObjectNode fresh(ObjectNode sample, SplittableRandom random) {
    var event = sample.deepCopy();
    var at =
        Instant.now().minusSeconds(random.nextInt(60, 86_400 * 20)).truncatedTo(ChronoUnit.MILLIS);
    var id =
        new UUID(
            (at.toEpochMilli() << 16) | 0x7000L | random.nextInt(0x1000),
            (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    event.put("event_id", id.toString());
    event.put("occurred_at", at.toString());
    event.put("observed_at", at.toString());
    return event;
  }

  private static List<ObjectNode> samples() {
    try (var files = Files.list(Path.of("docs", "wire"))) {
      var samples = new ArrayList<ObjectNode>();
      for (var file : files.sorted().toList()) {
        samples.add((ObjectNode) JSON.readTree(Files.readString(file)));
      }
      return samples;
    } catch (IOException missing) {
      throw new IllegalStateException("Run it from the project's root, with bench/ingest", missing);
    }
  }
}
