// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.audit;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.audit.Export;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.MediaType;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a reviewer's program fetches and checks offline.
@RestController
class EvidenceApi {

  /// The signed note, for a cron job that keeps it.
  @GetMapping(
      value = "/v1/audit/checkpoint",
      produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
  String checkpoint(Reading reading) {
    return reading
        .read("checkpoint", jdbc -> Export.checkpoint(jdbc, reading.organization()))
        .orElseThrow(NotFound::new);
  }

  /// The whole evidence. That it was begun is in the log before its first byte leaves, and that it
  /// was finished after its last.
  @GetMapping("/v1/audit/export")
  void export(Reading reading, HttpServletResponse response) throws IOException {
    var folder = Files.createTempDirectory("audit-export");
    try {
      var begun =
          reading.begin(
              "audit",
              jdbc -> {
                try {
                  return Export.write(jdbc, reading.organization(), folder);
                } catch (IOException failed) {
                  throw new UncheckedIOException("The export could not be written", failed);
                }
              });
      response.setContentType("application/zip");
      zip(folder, response.getOutputStream());
      reading.record("export.finished", begun.uid().toString());
    } finally {
      FileSystemUtils.deleteRecursively(folder);
    }
  }

  private static void zip(Path folder, OutputStream out) throws IOException {
    try (var files = Files.walk(folder)) {
      var zip = new ZipOutputStream(out);
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
      zip.finish();
    }
  }
}
