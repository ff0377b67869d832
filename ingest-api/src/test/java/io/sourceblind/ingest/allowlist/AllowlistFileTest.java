// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowlistFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  private static final String META =
      "'required':true,'sensitivity':'technical','owner':'ingest','reviewer':'privacy',"
          + "'expires':'2027-11-30','purpose':'It is here for a test.'";

  private static final String FILE =
      """
      {'envelope':{
        'kind':{'type':'kind',META},
        'event_id':{'type':'event_id',META},
        'occurred_at':{'type':'time',META},
        'observed_at':{'type':'time',META},
        'session_ref':{'type':'reference',META}},
       'kinds':{'turn.failed':{
        'retries':{'type':'integer','min':0,'max':99,META},
        'program':{'type':'name','first':'a-z','rest':'a-z0-9','max':32,META},
        'status':{'type':'choice','words':['ok','error'],META}}}}
      """
          .replace("META", META);

  @Test
  void aWholeFileIsRead() {
    var allowlist = read(FILE);

    assertThat(allowlist.envelope()).hasSize(5);
    assertThat(allowlist.kinds()).containsOnlyKeys("turn.failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "'min':0, | | kinds.turn.failed.retries, `min`: it is missing",
        "'min':0, | 'min':'0', | kinds.turn.failed.retries, `min`: it must be a whole number",
        "'min':0, | 'min':0.0, | kinds.turn.failed.retries, `min`: it must be a whole number",
        "'min':0, | 'min':99, | kinds.turn.failed.retries, `max`: it must be above `min`",
        "'min':0, | 'min':0,'least':0, | kinds.turn.failed.retries, `least`: there is no such",
        "'type':'integer' | 'type':'number' | kinds.turn.failed.retries, `type`: there is no such",
        "'max':32 | 'max':65 | kinds.turn.failed.program, `max`: it must be between 1 and 64",
        "'first':'a-z' | 'first':'z-a' | kinds.turn.failed.program, `first`: A range in it runs",
        "'first':'a-z' | 'first':'' | kinds.turn.failed.program, `first`: It is not a set of",
        "'first':'a-z' | 'first':'ä' | kinds.turn.failed.program, `first`: It is not a set of",
        "['ok','error'] | ['ok','ok'] | kinds.turn.failed.status, `words`: it must be a list of",
        "['ok','error'] | ['OK'] | kinds.turn.failed.status, `words`: a word has lower-case",
        "['ok','error'] | [] | kinds.turn.failed.status, `words`: it must be a list of",
        "'retries': | 'Retries': | kinds.turn.failed.Retries: a field is named with",
        "'retries': | 'status': | : it is not JSON, or says a thing twice",
        "'retries': | 'kind': | kinds.turn.failed.kind: the envelope has this field already",
        "'turn.failed': | 'failed': | kinds.failed: a kind is named like",
        "'session_ref': | 'session': | envelope.session_ref: it must be there, with its own type",
        "'type':'event_id' | 'type':'reference' | envelope.event_id: it must be there, with its own",
        "{'envelope': | {'envelop': | top level, `envelope`: it is missing",
        "{'envelope': | {'version':1,'envelope': | top level, `version`: there is no such attribute",
        "}}}} | }}} | it is not JSON",
        "}}}} | }}}} {} | it is not JSON",
        "'2027-11-30' | '2027-02-30' | `expires`: it must be a day like",
        "'It is here for a test.' | 'test' | `purpose`: it must be a sentence",
        "'technical' | 'none' | `sensitivity`: it must be one of",
        "'owner':'ingest' | 'owner':'Somebody Real' | `owner`: it must be a text of the right form",
        "'required':true | 'required':'yes' | `required`: it must be true or false"
      })
  void aBrokenFileNamesThePlace(String right, String wrong, String message) {
    var broken = FILE.replace(right, wrong == null ? "" : wrong);

    assertThatThrownBy(() -> read(broken))
        .isInstanceOf(InvalidAllowlist.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyLineOfTheShippedFileSaysWhoAndWhy() {
    var allowlist = Allowlist.load(CLOCK);

    assertThat(allowlist.envelope()).hasSizeGreaterThan(20);
    assertThat(allowlist.expiringWithin(0)).isEmpty();
    assertThat(allowlist.kinds().values().stream().flatMap(java.util.List::stream))
        .allSatisfy(rule -> {
          assertThat(rule.purpose().length()).isBetween(12, 200);
          assertThat(rule.expires()).isBefore("2028-01-01");
        });
  }

  private static Allowlist read(String file) {
    return AllowlistFile.read(file.replace('\'', '"').getBytes(UTF_8), CLOCK);
  }
}
