// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.ingest.allowlist.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Takes a body apart into events. One that is broken does not take the others with it, as long as
/// it is clear where it ends.
final class BatchReader {
  private static final int DEEPEST = 16;
  private static final int TOKENS_OF_AN_EVENT = 2_000;
  private static final int TOKENS_OF_A_BATCH = 200_000;

  private final int maxEvents;
  private final ObjectReader line;
  private final ObjectReader array;

  BatchReader(IngestSettings settings) {
    this.maxEvents = settings.maxEvents();
    this.line =
        reader(settings, TOKENS_OF_AN_EVENT).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.array =
        reader(settings, TOKENS_OF_A_BATCH).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /// One place in a batch.
  sealed interface Item {

    /// An event, whatever it says.
    record Event(JsonNode tree) implements Item {}

    /// Something that is no JSON, or says a thing twice, or is deeper or longer than an event gets.
    record Broken(Reason reason) implements Item {}
  }

  /// Reads one event a line; empty lines do not count.
  List<Item> lines(byte[] body) {
    var items = new ArrayList<Item>();
    for (var start = 0; start < body.length; ) {
      var end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      if (!isBlank(body, start, end)) {
        add(items, line(body, start, end));
      }
      start = end + 1;
    }
    return items;
  }

  /// Reads one array of events.
  List<Item> array(byte[] body) {
    var items = new ArrayList<Item>();
    try (var parser = array.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw Refusal.unreadable("The body is not a JSON array of events.");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        add(items, element(parser));
      }
      if (parser.nextToken() != null) {
        throw Refusal.unreadable("Something follows the array of events.");
      }
      if (!isUtf8(body, 0, body.length)) {
        throw Refusal.unreadable("The body is not UTF-8.");
      }
      return items;
    } catch (StreamConstraintsException _) {
      throw Refusal.unreadable(
          "An event is nested too deeply or is too long. Sent as lines, the others would be taken.");
    } catch (JacksonException _) {
      throw Refusal.unreadable("The body is not whole JSON in UTF-8.");
    }
  }

  private Item line(byte[] body, int start, int end) {
    try {
      var tree = line.readTree(body, start, end - start);
      return isUtf8(body, start, end) ? new Item.Event(tree) : new Item.Broken(Reason.NOT_JSON);
    } catch (UnexpectedEndOfInputException _) {
      if (end == body.length) {
        throw Refusal.unreadable(
            "The body ends in the middle of a line. End each event with a line break.");
      }
      return new Item.Broken(Reason.NOT_JSON);
    } catch (StreamConstraintsException _) {
      return new Item.Broken(Reason.TOO_DEEP_OR_TOO_LONG);
    } catch (StreamReadException _) {
      return new Item.Broken(Reason.NOT_JSON);
    } catch (JacksonException _) {
      return new Item.Broken(Reason.SAID_TWICE);
    }
  }

  private Item element(JsonParser parser) {
    try {
      return new Item.Event(array.readTree(parser));
    } catch (StreamReadException broken) {
      throw broken;
    } catch (JacksonException _) {
      // Well-formed, but with one name twice: go on behind it.
      while (parser.streamReadContext().getNestingDepth() > 1) {
        parser.nextToken();
      }
      return new Item.Broken(Reason.SAID_TWICE);
    }
  }

  private void add(List<Item> items, Item item) {
    if (items.size() == maxEvents) {
      throw Refusal.tooLarge(
          String.format(Locale.ROOT, "A batch has at most %,d events.", maxEvents));
    }
    items.add(item);
  }

  private static boolean isBlank(byte[] body, int start, int end) {
    for (var i = start; i < end; i++) {
      if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /// Jackson takes a name with bytes 0xff in it for a shorter name that it has met before: it keeps
  /// names by fours of bytes and fills up the last four with these.
  private static boolean isUtf8(byte[] body, int start, int end) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(body, start, end - start));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static ObjectReader reader(IngestSettings settings, int tokens) {
    var factory =
        JsonFactory.builder()
            // UTF-8 and nothing else: whoever looks at a batch on its way must read it as we do.
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(tokens)
                    .maxNumberLength(40)
                    .maxNameLength(1_000)
                    .maxStringLength(Math.toIntExact(settings.maxSize().toBytes()))
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .build()
        .reader();
  }
}
