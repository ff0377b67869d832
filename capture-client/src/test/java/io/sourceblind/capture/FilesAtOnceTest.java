// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.capture.FilesAtOnce.Outcome;
import io.sourceblind.capture.outbox.WireJson;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.SessionFile;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class FilesAtOnceTest {

  @TempDir private Path folder;

  @Test
  void theSameIsHandedOnInTheSameOrderAsOneByOne() {
    List<Path> files = new ArrayList<>();
    List<Path> samples = sessions();
    for (int i = 0; i < 2; i++) {
      files.addAll(samples);
    }

    List<String> oneByOne = read(files, 1);
    List<String> atOnce = read(files, 4);

    assertThat(oneByOne).hasSizeGreaterThan(300);
    assertThat(atOnce).isEqualTo(oneByOne);
  }

  /// The first file is held up until the last has been read.
  @Test
  void aFileWhoseTurnHasNotComeIsHeldBack() {
    List<Path> files = List.of(Path.of("first"), Path.of("second"), Path.of("third"));
    CountDownLatch lastIsRead = new CountDownLatch(1);
    List<String> readIn = java.util.Collections.synchronizedList(new ArrayList<>());
    List<String> told = new ArrayList<>();

    FilesAtOnce.read(
        files,
        2,
        new Told(told) {
          @Override
          Outcome read(Path file, Consumer<CapturedEvent> events) {
            if (file.endsWith("first")) {
              await(lastIsRead);
            }
            events.accept(event());
            readIn.add(file.toString());
            if (file.endsWith("third")) {
              lastIsRead.countDown();
            }
            return Outcome.READ;
          }
        });

    assertThat(readIn).containsExactly("second", "third", "first");
    assertThat(told)
        .containsExactly("event", "first READ", "event", "second READ", "event", "third READ");
  }

  @Test
  void ofFilesThatWaitNoMoreIsHeldThanSoMuch() {
    List<Path> files = List.of(Path.of("first"), Path.of("second"));
    AtomicInteger readOfSecond = new AtomicInteger();
    CountDownLatch secondIsFull = new CountDownLatch(1);
    int[] readBefore = {0};

    FilesAtOnce.read(
        files,
        2,
        new Told(new ArrayList<>()) {
          @Override
          Outcome read(Path file, Consumer<CapturedEvent> events) {
            if (file.endsWith("first")) {
              await(secondIsFull);
              readBefore[0] = readOfSecond.get();
              return Outcome.READ;
            }
            for (int i = 0; i < 100_000; i++) {
              if (i == 19_000) {
                secondIsFull.countDown();
              }
              readOfSecond.incrementAndGet();
              events.accept(event());
            }
            return Outcome.READ;
          }
        });

    assertThat(readBefore[0]).isBetween(19_000, 21_000);
    assertThat(readOfSecond.get()).isEqualTo(100_000);
  }

  /// A fork begins with a copy of what its session counted: read first, it counts that itself.
  @Test
  void aFileThatDependsOnOthersWaitsForThem() throws IOException {
    List<Path> files = forked();

    List<String> oneByOne = read(files, 1);
    List<String> waiting = read(files, 2);
    List<String> twin = readForkFirst(files);

    assertThat(waiting).isEqualTo(oneByOne);
    assertThat(twin).hasSameSizeAs(oneByOne).isNotEqualTo(oneByOne);
  }

  @Test
  void thereAreAsManyWorkersAsTheHeapHasRoomFor() {
    long megabyte = 1024 * 1024;

    assertThat(FilesAtOnce.workers(8, 247 * megabyte)).isEqualTo(2);
    assertThat(FilesAtOnce.workers(8, 60 * megabyte)).isEqualTo(1);
    assertThat(FilesAtOnce.workers(2, 4_096 * megabyte)).isEqualTo(2);
    assertThat(FilesAtOnce.workers(64, 4_096 * megabyte)).isEqualTo(4);
  }

  @Test
  void aFileThatCannotBeReadKeepsNoOtherFromIt() {
    List<String> told = new ArrayList<>();

    FilesAtOnce.read(
        List.of(Path.of("first"), Path.of("gone"), Path.of("third")),
        3,
        new Told(told) {
          @Override
          Outcome read(Path file, Consumer<CapturedEvent> events) throws IOException {
            events.accept(event());
            if (file.endsWith("gone")) {
              throw new IOException("gone");
            }
            return Outcome.READ;
          }
        });

    assertThat(told)
        .containsExactly("event", "first READ", "event", "gone UNREADABLE", "event", "third READ");
  }

  @Test
  void whereEventsAreRefusedAllEnds() {
    AtomicInteger ended = new AtomicInteger();

    assertThatThrownBy(() ->
            FilesAtOnce.read(
                java.util.Collections.nCopies(50, Path.of("file")),
                4,
                new Told(new ArrayList<>()) {
                  @Override
                  Outcome read(Path file, Consumer<CapturedEvent> events) {
                    for (int i = 0; i < 5_000; i++) {
                      events.accept(event());
                    }
                    return Outcome.READ;
                  }

                  @Override
                  public void take(CapturedEvent event) {
                    throw new IllegalArgumentException("The disk is full");
                  }

                  @Override
                  public void end(Path file, Outcome outcome) {
                    ended.incrementAndGet();
                  }
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The disk is full");
    assertThat(ended).hasValue(0);
  }

  @Test
  void aMistakeOfAReaderEndsAllBehindIt() {
    List<String> told = new ArrayList<>();

    assertThatThrownBy(() ->
            FilesAtOnce.read(
                List.of(Path.of("first"), Path.of("wrong"), Path.of("third")),
                2,
                new Told(told) {
                  @Override
                  Outcome read(Path file, Consumer<CapturedEvent> events) {
                    events.accept(event());
                    if (file.endsWith("wrong")) {
                      throw new IllegalStateException("A mistake");
                    }
                    return Outcome.READ;
                  }
                }))
        .hasMessage("A mistake");
    assertThat(told).containsExactly("event", "first READ", "event", "wrong UNREADABLE");
  }

  // ---- what is read, and what is remembered of it

  private abstract static class Told implements FilesAtOnce.Reading {
    private final List<String> told;

    Told(List<String> told) {
      this.told = told;
    }

    abstract Outcome read(Path file, Consumer<CapturedEvent> events) throws IOException;

    @Override
    public FilesAtOnce.Opened open(Path file) throws IOException {
      return new FilesAtOnce.Opened(false, events -> read(file, events));
    }

    @Override
    public void take(CapturedEvent event) {
      told.add("event");
    }

    @Override
    public void end(Path file, Outcome outcome) {
      told.add(file + " " + outcome);
    }
  }

  private static List<String> read(List<Path> files, int workers) {
    Sources sources = Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE);
    List<String> events = new ArrayList<>();
    FilesAtOnce.read(
        files,
        workers,
        new Told(events) {
          @Override
          public FilesAtOnce.Opened open(Path file) throws IOException {
            return new FilesAtOnce.Opened(
                sources.find(file).filter(SessionFile::dependsOnOthers).isPresent(),
                taker -> read(file, taker));
          }

          @Override
          Outcome read(Path file, Consumer<CapturedEvent> taker) throws IOException {
            return sources.read(file, taker) ? Outcome.READ : Outcome.UNKNOWN;
          }

          @Override
          public void take(CapturedEvent event) {
            events.add(WireJson.line(event));
          }
        });
    return events;
  }

  /// Nothing waits, and the session is held up until its fork was read.
  private static List<String> readForkFirst(List<Path> files) {
    Sources sources = Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE);
    CountDownLatch forkIsRead = new CountDownLatch(1);
    List<String> events = new ArrayList<>();
    FilesAtOnce.read(
        files,
        2,
        new Told(events) {
          @Override
          Outcome read(Path file, Consumer<CapturedEvent> taker) throws IOException {
            if (file.endsWith("a-session.jsonl")) {
              await(forkIsRead);
            }
            sources.read(file, taker);
            if (file.endsWith("b-fork.jsonl")) {
              forkIsRead.countDown();
            }
            return Outcome.READ;
          }

          @Override
          public void take(CapturedEvent event) {
            events.add(WireJson.line(event));
          }
        });
    return events;
  }

  private List<Path> forked() throws IOException {
    String meta =
        "{\"timestamp\":\"2026-11-20T10:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"%s\"%s}}\n";
    String tokens =
        "{\"timestamp\":\"2026-11-20T10:00:0%dZ\",\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"model\":\"gpt-5\",\"last_token_usage\":{\"input_tokens\":%d},\"total_token_usage\":{\"input_tokens\":%d}}}}\n";
    Path session = folder.resolve("a-session.jsonl");
    Path fork = folder.resolve("b-fork.jsonl");
    String copied = tokens.formatted(1, 10, 10) + tokens.formatted(2, 5, 15);
    Files.writeString(session, meta.formatted("p", "") + copied);
    Files.writeString(
        fork,
        meta.formatted("c", ",\"forked_from_id\":\"p\"") + copied + tokens.formatted(3, 7, 22));
    return List.of(session, fork);
  }

  /// Our own samples, and real sessions where the machine has some.
  private static List<Path> sessions() {
    List<Path> folders = new ArrayList<>(List.of(Samples.of("claude-code"), Samples.of("sources")));
    Samples.fixtures().ifPresent(folders::add);
    List<Path> sessions = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(Files::isRegularFile).sorted().forEach(sessions::add);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return sessions;
  }

  private static CapturedEvent event() {
    return AnyEvent.ONE;
  }

  /// Any event, read once.
  private static final class AnyEvent {
    static final CapturedEvent ONE = first();

    private static CapturedEvent first() {
      List<CapturedEvent> events = new ArrayList<>();
      try {
        Samples.reader(CaptureProfile.METADATA, PathMode.RELATIVE)
            .read(Samples.ours("shop.jsonl"), events::add);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      return events.getFirst();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
