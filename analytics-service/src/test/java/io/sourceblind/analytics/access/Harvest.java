// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.analytics.access.Cast.Shown;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/// Somebody who collects every id that one organization is shown, and tries each of them at every
/// door of another.
final class Harvest {
  static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");
  private static final Pattern LINK = Pattern.compile("(?:href|action)=\"(/[^\"#]*)\"");
  private static final Pattern SECRET = Pattern.compile("sb[a-z]_[0-9A-Za-z]{36}");

  /// The audit page says how many minutes ago something was, which may be one more at the next
  /// look.
  private static final Pattern RECEIPT_OR_TIME =
      Pattern.compile("\\d\\d:\\d\\d(?::\\d\\d)?|less than a minute ago|\\d+ min ago");

  /// What is no id, whatever stands there: names, secrets and words. Such a text is kept as it is
  /// and shown again to whoever wrote it, which tells nobody anything.
  private static final Set<String> FREE_TEXT =
      Set.of(
          "password",
          "label",
          "name",
          "email",
          "code",
          "scope",
          "key",
          "answer",
          "issuer",
          "client",
          "secret",
          "claim",
          "value",
          "class",
          "state",
          "domain",
          "address");

  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  /// What a provider says of a team: all its members at once, or who else is one.
  private static final String JSON = "body";

  private static final String MEMBERS =
      """
      {"displayName": "Somebody", "members": [{"value": "<member>"}],
       "Operations": [{"op": "add", "path": "members", "value": [{"value": "<member>"}]}]}
      """;
  private static final Set<Route> TAKES_MEMBERS =
      Set.of(Route.SCIM_ADD_GROUP, Route.SCIM_REPLACE_GROUP, Route.SCIM_CHANGE_GROUP);

  /// It computes for a minute over the schema, which is everybody's.
  private static final Set<Route> SLOW = Set.of(Route.API_CAPACITY);

  /// What is entered where no id is tried.
  private static final Map<String, String> FORM =
      Map.ofEntries(
          Map.entry("email", "somebody.new@example.com"),
          Map.entry("password", "marble otter quietly sings"),
          Map.entry("role", "engineer"),
          Map.entry("level", "reviewer"),
          Map.entry("days", "30"),
          Map.entry("profile", "prose"),
          Map.entry("paths", "relative"),
          Map.entry("label", "nightly"),
          Map.entry("name", "Somebody New"),
          Map.entry("client_id", "capture"),
          Map.entry("grant_type", "refresh_token"),
          Map.entry("code", "12345678"));

  /// One door treats all ids of a kind alike, and an export has thousands.
  private static final int OF_A_KIND_IN_A_FORM = 1;

  private static final int OF_A_KIND_IN_A_PATH = 4;
  private static final int PAGES_OF_A_ROUTE = 4;

  private final World world;
  private final Pages pages;
  private final Map<String, Pass> passes = new HashMap<>();

  Harvest(World world, Pages pages) {
    this.world = world;
    this.pages = pages;
  }

  /// Every page that somebody in the role gets, by following links from all pages without an id,
  /// and the answer to every form.
  Map<String, String> walk(Cast of, Role role) {
    var seen = new LinkedHashMap<String, String>();
    var waiting = new ArrayDeque<String>();
    routesOf(role)
        .filter(route -> route.method().equals(HttpMethod.GET))
        .filter(route -> !VARIABLE.matcher(route.pattern()).find() && !SLOW.contains(route))
        .map(route -> route.pattern().replace("/**", ""))
        .forEach(waiting::add);
    var visited = new HashMap<String, Integer>();
    while (!waiting.isEmpty()) {
      var path = waiting.pop();
      var kind = ID.matcher(path).replaceAll("*");
      if (seen.containsKey(path)
          || path.startsWith("/style.css")
          || visited.merge(kind.replaceAll("\\?.*", ""), 1, Integer::sum) > PAGES_OF_A_ROUTE) {
        continue;
      }
      var page = pages.get(path, pass(of, role, path));
      if (page.statusCode() == 200) {
        seen.put(path, page.body());
        LINK.matcher(page.body())
            .results()
            .map(link -> link.group(1).replace("&amp;", "&"))
            .forEach(waiting::add);
      }
    }
    return seen;
  }

  /// Every id in every answer to somebody in any role: pages, exports, what forms answer.
  Set<String> idsOf(Cast of) {
    var ids = new TreeSet<String>();
    for (var role : Role.values()) {
      walk(of, role)
          .forEach((path, body) -> {
            collect(path, ids);
            collect(body, ids);
          });
      routesOf(role)
          .filter(route -> route.method().equals(HttpMethod.POST) || hasAnId(route))
          .filter(route -> !SLOW.contains(route))
          .forEach(route -> {
            world.superuser().sql("delete from identity.attempt").update();
            var path = path(route, variable -> of.idFor(variable, role).toString());
            var answer = send(route, path, form(route), passAnew(of, role, route));
            collect(path, ids);
            collect(answer.body(), ids);
            answer.headers().map().values().forEach(values -> collect(values.toString(), ids));
          });
    }
    return ids;
  }

  /// What kind each id is of, by the column that holds it; events and their sessions are many.
  Map<String, List<String>> byKind(Set<String> ids) {
    var kinds = new TreeMap<String, List<String>>();
    var left = new TreeSet<>(ids);
    var columns =
        world
            .superuser()
            .sql(
                """
                select c.table_schema || '.' || c.table_name || '.' || c.column_name
                  from information_schema.columns c
                  join information_schema.tables t using (table_schema, table_name)
                 where c.data_type = 'uuid' and t.table_type = 'BASE TABLE'
                   and c.table_schema in ('identity', 'capture', 'release', 'audit')
                   and c.table_name !~ '_p?[0-9]{6,}'
                 order by c.column_name <> 'id', 1
                """)
            .query((row, _) -> String.valueOf(row.getString(1)))
            .list();
    for (var column : columns) {
      if (left.isEmpty()) {
        break;
      }
      var dot = column.lastIndexOf('.');
      var found =
          world
              .superuser()
              .sql(
                  "select distinct %1$s::text from %2$s where %1$s = any(:ids::uuid[])"
                      .formatted(column.substring(dot + 1), column.substring(0, dot)))
              .param("ids", left.toArray(String[]::new))
              .query((row, _) -> String.valueOf(row.getString(1)))
              .list();
      if (!found.isEmpty()) {
        kinds.put(column, found);
        left.removeAll(found);
      }
    }
    if (!left.isEmpty()) {
      kinds.put("elsewhere", List.copyOf(left));
    }
    return kinds;
  }

  /// How many requests were made, and which of them told something.
  record Replayed(int requests, List<String> told) {}

  /// Tries ids at every place of every door where one could stand, in every role.
  ///
  /// @param marker what everything of their owner is called
  Replayed replay(Cast by, Map<String, List<String>> kinds, String marker) {
    var told = new ArrayList<String>();
    var all = new HashSet<String>();
    kinds.values().forEach(all::addAll);
    var requests = 0;
    for (var role : Role.values()) {
      for (var place : places(role)) {
        var most = place.inForm() ? OF_A_KIND_IN_A_FORM : OF_A_KIND_IN_A_PATH;
        var missing = place.stable(place.ask(by, role, anId()));
        for (var kind : kinds.entrySet()) {
          for (var id : kind.getValue().stream().limit(most).toList()) {
            requests++;
            var answer = place.ask(by, role, id);
            var why = fault(answer, all, marker);
            if (why == null && !place.stable(answer).equals(missing)) {
              why = "another answer than to an id that is missing";
            }
            if (why != null) {
              told.add("%s %s with a %s: %s".formatted(role, place, kind.getKey(), why));
            }
          }
        }
      }
    }
    return new Replayed(requests, told);
  }

  private static @Nullable String fault(String answer, Set<String> foreign, String marker) {
    if (answer.contains(marker)) {
      return "it shows what is not theirs";
    }
    return ID.matcher(answer).results().anyMatch(id -> foreign.contains(id.group()))
        ? "it shows a foreign id"
        : null;
  }

  /// Where an id is tried: in a path, or as one parameter.
  private final class Place {
    private final Route route;
    private final String parameter;

    Place(Route route, String parameter) {
      this.route = route;
      this.parameter = parameter;
    }

    boolean inForm() {
      return !parameter.startsWith("{");
    }

    /// A form's answer may hold what was made for it alone, such as the number of a mailed code.
    String stable(String answer) {
      return inForm() ? ID.matcher(answer).replaceAll("<some id>") : answer;
    }

    /// The answer, without what is different each time and without the id itself.
    String ask(Cast by, Role role, String id) {
      // Every try counts, and after many of them there is only a time to wait.
      world.superuser().sql("delete from identity.attempt").update();
      var form = form(route);
      if (parameter.equals(JSON)) {
        form.put(JSON, MEMBERS.replace("<member>", id));
      } else if (inForm()) {
        form.put(parameter, id);
      }
      var path = path(route, variable -> parameter.equals(JSON) ? by.team.toString() : id);
      var answer = send(route, path, form, passAnew(by, role, route));
      var text =
          answer.statusCode()
              + " "
              + answer.headers().firstValue("Location").orElse("")
              + new TreeSet<>(answer.headers().map().keySet())
              + answer.body();
      text = text.replace("connection, ", "").replace("keep-alive, ", "").replace(id, "<id>");
      text = SECRET.matcher(text).replaceAll("<secret>");
      return RECEIPT_OR_TIME.matcher(text).replaceAll("<time>");
    }

    @Override
    public String toString() {
      return route + " " + parameter;
    }
  }

  private List<Place> places(Role role) {
    return routesOf(role)
        .filter(route -> !SLOW.contains(route))
        .flatMap(route ->
            Stream.concat(
                hasAnId(route) ? Stream.of(new Place(route, "{id}")) : Stream.empty(),
                Stream.concat(
                        route.parameters().stream()
                            .filter(name -> !FREE_TEXT.contains(name))
                            .sorted(),
                        TAKES_MEMBERS.contains(route) ? Stream.of(JSON) : Stream.empty())
                    .map(parameter -> new Place(route, parameter))))
        .toList();
  }

  /// What is there for every role is asked for in one, which has most to lose, and in one that runs
  /// the organization; what is there for everybody, in one.
  private static Stream<Route> routesOf(Role role) {
    return Stream.of(Route.values())
        .filter(route -> route != Route.SIGN_OUT)
        .filter(route ->
            switch (route.who()) {
              case Who.Everyone _ -> role == Role.ENGINEER;
              case Who.SignedIn _ -> role == Role.ENGINEER || role == Role.OWNER;
              case Who.Only _ -> route.who().roles().contains(role);
            });
  }

  private static boolean hasAnId(Route route) {
    return VARIABLE.matcher(route.pattern()).find();
  }

  private static Map<String, String> form(Route route) {
    var form = new TreeMap<String, String>();
    if (route.method().equals(HttpMethod.POST)) {
      route.parameters().stream()
          .filter(FORM::containsKey)
          .forEach(name -> form.put(name, String.valueOf(FORM.get(name))));
    }
    return form;
  }

  private static String path(Route route, Function<String, String> valueOf) {
    return VARIABLE
        .matcher(route.pattern())
        .replaceAll(variable ->
            variable.group(1).equals("metric") ? "prompts" : valueOf.apply(variable.group(1)))
        .replace("/**", "");
  }

  private HttpResponse<String> send(Route route, String path, Map<String, String> form, Pass pass) {
    if (form.containsKey(JSON)) {
      return pages.json(route.method().name(), path, String.valueOf(form.get(JSON)), pass);
    }
    if (route.method().equals(HttpMethod.POST)) {
      return pages.post(path, form, pass);
    }
    if (!route.method().equals(HttpMethod.GET)) {
      return pages.ask(route.method().name(), path, pass);
    }
    var query = new StringBuilder();
    form.forEach((name, value) -> query.append('&').append(name).append('=').append(value));
    return pages.get(query.isEmpty() ? path : path + "?" + query.substring(1), pass);
  }

  private Pass pass(Cast of, Role role, String path) {
    return passes.computeIfAbsent(
        "%s %s %s".formatted(of.organization, role, shownAt(path)),
        _ -> of.pass(role, shownAt(path)));
  }

  /// A form may end what is shown with it.
  private Pass passAnew(Cast of, Role role, Route route) {
    return route.method().equals(HttpMethod.POST)
        ? of.pass(role, shownAt(route.pattern()))
        : pass(of, role, route.pattern());
  }

  private static Shown shownAt(String path) {
    if (path.startsWith("/scim/")) {
      return Shown.SCIM_TOKEN;
    }
    return Route.isForPrograms(path) ? Shown.TOKEN : Shown.SESSION;
  }

  private static String anId() {
    return UUID.randomUUID().toString();
  }

  private static void collect(String text, Set<String> ids) {
    ID.matcher(text)
        .results()
        .map(id -> id.group())
        .filter(id -> !id.equals(NOBODY))
        .forEach(ids::add);
  }
}
