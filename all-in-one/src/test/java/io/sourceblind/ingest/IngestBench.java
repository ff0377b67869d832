// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Raw `COPY` into a bare table, the guarded insert, and the whole way over HTTP, in one run and
/// with the same batches and clients; run by `bench/ingest`, `bench/ingest-guards` and
/// `bench/ingest-growth`, which hold the goals.
final class IngestBench implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BATCH = 500;
  private static final int CLIENTS = 4;

  /// How many batches of each client come before a measurement, and how often. After two hundred
  /// batches the compiler still took a fifth of both processors from what goes over HTTP, which is
  /// more of our own code than `COPY` is.
  private static final int WARM = 100;

  private static final int TIMES = 6;

  /// How many batches of each client come first in every measurement: a new connection reads the
  /// catalogue, and plans its statements anew until it has prepared them.
  private static final int FIRST = 20;

  private final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  private final RunningApi.Engineer engineer = RunningApi.enrol(database);
  private final List<ObjectNode> samples;
  private final int batches;

  private IngestBench(int batches) throws IOException {
    this.samples = WireSamples.in(Path.of(""));
    this.batches = batches;
  }

  /// Measures and prints.
  ///
  /// @param args `ratios`, `guards` or `growth`, and how many batches each client sends; for
  ///   `growth` also up to how many million rows
  public static void main(String[] args) throws Exception {
    var bench = new IngestBench(Integer.parseInt(args[1]));
    switch (args[0]) {
      case "ratios" -> bench.ratios();
      case "guards" -> bench.guards();
      case "growth" -> bench.growth(Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException("ratios, guards or growth");
    }
    System.exit(0);
  }

  private void ratios() throws Exception {
    copy(WARM);
    for (var time = 0; time < TIMES; time++) {
      insert(WARM, this::live);
    }
    var copied = copy(batches);
    var inserted = insert(batches, this::live);
    var sent = overHttp();
    var imported = insert(batches, this::ofThreeWeeks);
    var unguarded = insertUnguarded(batches);
    var copiedAgain = copy(batches);
    var raw = (copied + copiedAgain) / 2;
    System.out.printf(Locale.ROOT, "raw COPY            %,10.0f rows/s%n", raw);
    System.out.printf(Locale.ROOT, "guarded insert      %,10.0f rows/s%n", inserted);
    System.out.printf(Locale.ROOT, "the same, 20 days   %,10.0f rows/s (an import)%n", imported);
    System.out.printf(Locale.ROOT, "no guard at all     %,10.0f rows/s%n", unguarded);
    System.out.printf(Locale.ROOT, "end to end          %,10.0f events/s%n", sent);
    System.out.printf(Locale.ROOT, "value unguarded_of_copy %.3f%n", unguarded / raw);
    System.out.printf(Locale.ROOT, "value guarded_of_copy %.3f%n", inserted / raw);
    System.out.printf(Locale.ROOT, "value end_to_end_of_copy %.3f%n", sent / raw);
    System.out.printf(Locale.ROOT, "value events_per_second %.0f%n", sent);
  }

  /// What each guard costs: the same insert with that guard taken away, each beside one with all.
  private void guards() throws Exception {
    insert(WARM, this::live);
    for (var guard : Guard.values()) {
      var withAll = new ArrayList<Double>();
      var withoutIt = new ArrayList<Double>();
      try (var open = new IngestBench(batches)) {
        JdbcClient.create(open.database.withoutDdlGuard().superuser()).sql(guard.removal).update();
        open.insert(WARM, this::live);
        for (var round = 0; round < 5; round++) {
          withAll.add(insert(batches, this::live));
          withoutIt.add(open.insert(batches, this::live));
        }
      }
      var with = median(withAll);
      var without = median(withoutIt);
      System.out.printf(
          Locale.ROOT,
          "%-12s with all %,9.0f rows/s, without it %,9.0f: %5.1f us a row, %3.0f %% of the time%n",
          guard.name().toLowerCase(Locale.ROOT),
          with,
          without,
          1e6 / with - 1e6 / without,
          100 * (1 - with / without));
      System.out.printf(
          Locale.ROOT,
          "value %s_share %.3f%n",
          guard.name().toLowerCase(Locale.ROOT),
          1 - with / without);
    }
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
  }

  private enum Guard {
    PROSE(dropChecksOfDomains("in ('prose', 'relative_path')")),
    WORDS(dropChecksOfDomains("not in ('prose', 'relative_path')")),
    SHAPE(
        """
        do $$
        declare
          rule name;
        begin
          for rule in select conname from pg_constraint
                       where conrelid = 'capture.event'::regclass and contype = 'c' loop
            execute format('alter table capture.event drop constraint %I', rule);
          end loop;
        end $$
        """),
    INDEXES("drop index capture.event_of_a_person"),
    // The trigger speaks where row security does not, and asks every check once more.
    ROWS(
        """
        alter table capture.event disable trigger speaks_first;
        alter table capture.event disable row level security
        """);

    private final String removal;

    Guard(String removal) {
      this.removal = removal;
    }

    private static String dropChecksOfDomains(String which) {
      return """
      do $$
      declare
        rule record;
      begin
        for rule in select conname, contypid::regtype as domain
                      from pg_constraint c
                      join pg_type t on t.oid = c.contypid
                     where t.typnamespace = 'capture'::regnamespace and t.typname %s loop
          execute format('alter domain %%s drop constraint %%I', rule.domain, rule.conname);
        end loop;
      end $$
      """
          .formatted(which);
    }
  }

  /// The rate of inserts while the table grows over its 90 days and 200 organizations.
  private void growth(int millions) throws Exception {
    insert(WARM, this::live);
    var first = insert(batches, this::live);
    System.out.printf(Locale.ROOT, "at          0 rows  %,10.0f rows/s%n", first);
    var now = first;
    for (var filled = 0; filled < millions; ) {
      var more = Math.min(Math.max(1, filled), millions - filled);
      fill(more);
      filled += more;
      now = insert(batches, this::live);
      System.out.printf(Locale.ROOT, "at %,10d rows  %,10.0f rows/s%n", filled * 1_000_000, now);
    }
    try (var empty = new IngestBench(batches)) {
      empty.insert(WARM, this::live);
      // Once more at zero: the machine may have become slower or quicker in the meantime.
      first = (first + empty.insert(batches, this::live)) / 2;
    }
    System.out.printf(Locale.ROOT, "value rows_in_millions %d%n", millions);
    System.out.printf(Locale.ROOT, "value rate_of_rate_at_zero %.3f%n", now / first);
  }

  private void fill(int millions) throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var halves = new ArrayList<Future<?>>();
      for (var half = 0; half < 2; half++) {
        halves.add(threads.submit(() -> fill(millions * 500_000L)));
      }
      for (var half : halves) {
        half.get();
      }
    }
  }

  private void fill(long rows) {
    JdbcClient.create(database.superuser())
        .sql(
            """
            set session_replication_role = replica;
            insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
                schema_version, event_id, occurred_at, observed_at, seq, tool, client_version,
                source, session_ref, is_subagent, redaction_dropped_fields,
                redaction_dropped_bytes, redaction_unknown_keys, model, input_tokens,
                output_tokens, cache_read_tokens, cache_creation_tokens, reasoning_tokens, requests,
                usage_ref, duration_ms)
            select md5('organization' || n % 200)::uuid, md5('person' || n % 10000)::uuid,
                   (at at time zone 'UTC')::date, at, 'model.usage', 1, id, at, at,
                   n % 2000000, 'claude_code', '1.0', 'transcript',
                   md5('session' || n / 40)::uuid, false, 3, 1200, 0, 'a-model-4', n % 9000,
                   n % 4000, n % 90000, n % 7000, 0, 1, id, n % 60000
              from (select n, id, uuid_extract_timestamp(id) as at
                      from (select n, uuidv7(-(n % (86400 * 88)) * interval '1 second') as id
                              from generate_series(1, :rows) n) ids) times
            """)
        .param("rows", rows)
        .update();
  }

  @Override
  public void close() {
    database.close();
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
    insert(1, this::live);
    var columns = columnsOf("bare");
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

  /// When the events of a batch happened: each batch of a live client is of one day.
  private Instant live(SplittableRandom random) {
    return Instant.now().minusSeconds(random.nextInt(60, 3_600));
  }

  private Instant ofThreeWeeks(SplittableRandom random) {
    return Instant.now().minusSeconds(random.nextInt(60, 86_400 * 20));
  }

  private double insert(int each, Function<SplittableRandom, Instant> when) throws Exception {
    try (HikariDataSource pool = database.pool(Login.INGEST)) {
      var store = new EventStore(TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER));
      return rate(
          each,
          () -> {
            var batches = new ArrayList<EventStore.Batch>();
            for (var events : made(FIRST + each, when)) {
              batches.add(store.batch(engineer.tenant(), events, List.of()));
            }
            return () -> store.add(List.of(batches.removeLast()));
          });
    }
  }

  /// What an `insert` can do at most, for row security allows no `COPY`: the same arrays into the
  /// table of [#copy], without a guard, a key or a policy, as a superuser.
  private double insertUnguarded(int each) throws Exception {
    try (HikariDataSource pool = database.pool(Login.INGEST)) {
      var shape =
          TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER).withoutTenant(EventRows::shapedBy);
      var columns = columnsOf("wire.event");
      var adding =
          "insert into bare (%s) select %s from unnest(cast(:events as wire.event[]))"
              .formatted(columns, columns);
      return rate(
          each,
          () -> {
            var batches = new ArrayList<List<EventRows.Written.Row>>();
            for (var events : made(FIRST + each, this::live)) {
              batches.add(
                  events.stream().map(event -> (EventRows.Written.Row) shape.row(event)).toList());
            }
            var own = new SingleConnectionDataSource(database.superuser().getConnection(), true);
            var client = JdbcClient.create(own);
            return new Client() {
              @Override
              public void send() {
                client.sql(adding).param("events", EventRows.array(batches.removeLast())).update();
              }

              @Override
              public void close() {
                own.destroy();
              }
            };
          });
    }
  }

  private String columnsOf(String table) {
    return JdbcClient.create(database.superuser())
        .sql(
            """
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
             where attrelid = cast(:table as regclass) and attnum > 0
            """)
        .param("table", table)
        .query(String.class)
        .single();
  }

  private double overHttp() throws Exception {
    try (var api =
            RunningApi.over(
                database, "ingest.per-device=1000000", "ingest.per-organization=1000000");
        var http = HttpClient.newHttpClient()) {
      var address = api.events();
      Callable<Client> client = () -> poster(http, address, each(FIRST + batches));
      for (var time = 0; time < TIMES; time++) {
        rate(WARM, () -> poster(http, address, each(FIRST + WARM)));
      }
      return rate(batches, client);
    }
  }

  private List<byte[]> each(int count) throws IOException {
    var bodies = new ArrayList<byte[]>();
    for (var batch : made(count, this::live)) {
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
                  .header("Authorization", "Bearer " + engineer.token())
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
    send(clients, FIRST);
    var start = System.nanoTime();
    send(clients, each);
    var seconds = (System.nanoTime() - start) / 1e9;
    for (var client : clients) {
      client.close();
    }
    return CLIENTS * each * BATCH / seconds;
  }

  private static void send(List<Client> clients, int each) throws Exception {
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
  }

  private List<List<JsonNode>> made(int count, Function<SplittableRandom, Instant> when) {
    var random = new SplittableRandom();
    var made = new ArrayList<List<JsonNode>>();
    for (var batch = 0; batch < count; batch++) {
      var events = new ArrayList<JsonNode>();
      for (var number = 0; number < BATCH; number++) {
        var sample = samples.get(random.nextInt(samples.size()));
        events.add(WireSamples.fresh(sample, when.apply(random), random));
      }
      made.add(events);
    }
    return made;
  }
}
