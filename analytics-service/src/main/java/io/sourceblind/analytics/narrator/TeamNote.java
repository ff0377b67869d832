// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.narrator.Claims.Sentence;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The note of a group, as its page shows it.
///
/// @param author who wrote it, in words
public record TeamNote(IsoWeek week, String author, List<Line> lines) {

  /// A sentence.
  ///
  /// @param anchor where on the page its numbers are
  public record Line(String text, String anchor) {}

  private record Kept(LocalDate week, String writer) {}

  private record Row(String metric, String text) {
    Sentence sentence() {
      return new Sentence(Metric.of(metric), text);
    }
  }

  /// The youngest note of some weeks, if it says anything.
  public static Optional<TeamNote> of(
      JdbcClient jdbc, UUID organization, UUID group, IsoWeek first, IsoWeek last) {
    return jdbc.sql(
            """
            select week, writer from release.note
             where org_id = :org and team_id = :group and week between :first and :last
             order by week desc
             limit 1
            """)
        .param("org", organization)
        .param("group", group)
        .param("first", first.monday())
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(Kept.class))
        .optional()
        .map(kept ->
            new TeamNote(
                new IsoWeek(kept.week()),
                author(Writer.of(kept.writer())),
                sentences(jdbc, organization, group, kept.week()).stream()
                    .map(sentence ->
                        new Line(
                            sentence.text(), "m-" + sentence.metric().sqlName().replace('_', '-')))
                    .toList()))
        .filter(note -> !note.lines().isEmpty());
  }

  static List<Sentence> sentences(JdbcClient jdbc, UUID organization, UUID group, LocalDate week) {
    return jdbc
        .sql(
            """
            select metric, text from release.note_sentence
             where org_id = :org and team_id = :group and week = :week
             order by place
            """)
        .param("org", organization)
        .param("group", group)
        .param("week", week)
        .query(DataClassRowMapper.newInstance(Row.class))
        .stream()
        .map(Row::sentence)
        .toList();
  }

  private static String author(Writer writer) {
    return switch (writer) {
      case RULES ->
          "Written by fixed rules from the numbers below. Notes by a language model are off.";
      case ANTHROPIC, OPENAI_COMPATIBLE ->
          "Written by a language model that was given the numbers below and nothing else; every"
              + " sentence was checked against them.";
    };
  }
}
