// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GzipMemberTest {

  @Test
  void whatWasPackedIsUnpacked() throws IOException {
    var random = new Random(3);
    for (var length : new int[] {0, 1, 7, 8_192, 100_000}) {
      var plain = new byte[length];
      random.nextBytes(plain);

      assertThat(unpacked(Site.gzip(plain))).isEqualTo(plain);
    }
  }

  @Test
  void aHeaderMaySayMore() throws IOException {
    var packed = Site.gzip("hello".getBytes(UTF_8));
    var more = new ByteArrayOutputStream();
    more.write(packed, 0, 3);
    // An extra field, a name, a comment and a checksum of the header.
    more.write(4 | 8 | 16 | 2);
    more.write(packed, 4, 6);
    more.write(new byte[] {2, 0, 'x', 'y'});
    more.write("batch.json\0made by a test\0".getBytes(UTF_8));
    more.write(new byte[] {0, 0});
    more.write(packed, 10, packed.length - 10);

    assertThat(unpacked(more.toByteArray())).asString(UTF_8).isEqualTo("hello");
  }

  @Test
  void anyCutIsNoticed() {
    var packed = Site.gzip("hello, hello, hello".getBytes(UTF_8));

    for (var length = 0; length < packed.length; length++) {
      var cut = Arrays.copyOf(packed, length);

      assertThatThrownBy(() -> unpacked(cut))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aChangedByteIsNoticed() {
    var packed = Site.gzip("hello, hello, hello".getBytes(UTF_8));

    for (var i : new int[] {0, 1, 2, 12, packed.length - 8, packed.length - 1}) {
      var changed = packed.clone();
      changed[i] ^= 0x55;

      assertThatThrownBy(() -> unpacked(changed)).as("byte %d", i).isInstanceOf(IOException.class);
    }
  }

  @Test
  void nothingMayFollow() {
    var packed = Site.gzip("hello".getBytes(UTF_8));

    assertThatThrownBy(() -> unpacked(Arrays.copyOf(packed, packed.length + 1)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> unpacked(Arrays.copyOf(packed, packed.length + 20_000)))
        .isInstanceOf(IOException.class);
  }

  private static byte[] unpacked(byte[] packed) throws IOException {
    try (var gzip = new GzipMember(new ByteArrayInputStream(packed))) {
      return gzip.readAllBytes();
    }
  }
}
