// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import java.io.IOException;
import java.time.Duration;
import java.util.zip.CRC32;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// The one style sheet. Its address changes with its content, so a browser may keep it for good.
@Controller
class StyleSheet {
  private final byte[] css;

  StyleSheet() throws IOException {
    css = new ClassPathResource("analytics/style.css").getContentAsByteArray();
  }

  String address() {
    var sum = new CRC32();
    sum.update(css);
    return "/style.css?v=%08x".formatted(sum.getValue());
  }

  @GetMapping("/style.css")
  ResponseEntity<byte[]> css() {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).immutable())
        .contentType(MediaType.valueOf("text/css;charset=UTF-8"))
        .body(css);
  }
}
