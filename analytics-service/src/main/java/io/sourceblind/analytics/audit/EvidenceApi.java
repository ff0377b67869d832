// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.audit;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.audit.Export;
import io.sourceblind.audit.SiemExport;
import io.sourceblind.audit.SiemForm;
import io.sourceblind.audit.Witnesses;
import io.sourceblind.audit.Witnesses.NotASignature;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What a reviewer's program fetches and checks offline.
@RestController
class EvidenceApi {
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");

  private final Clock clock;

  EvidenceApi(Clock clock) {
    this.clock = clock;
  }

  /// The signed note, for a cron job that keeps it.
  @GetMapping(
      value = "/v1/audit/checkpoint",
      produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
  String checkpoint(Reading reading) {
    return reading
        .read("checkpoint", jdbc -> Export.newest(jdbc, reading.organization()))
        .map(Export.Signed::note)
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

  /// What was signed since an index, for a SIEM that fetches.
  @GetMapping("/v1/audit/ocsf")
  void ocsf(
      @RequestParam(defaultValue = "0") String from, Reading reading, HttpServletResponse response)
      throws IOException {
    siem(SiemForm.OCSF, from, reading, response, "application/x-ndjson");
  }

  @GetMapping("/v1/audit/cef")
  void cef(
      @RequestParam(defaultValue = "0") String from, Reading reading, HttpServletResponse response)
      throws IOException {
    siem(SiemForm.CEF, from, reading, response, "text/plain;charset=UTF-8");
  }

  /// A witness's signature under a checkpoint, as `audit-witness` prints it.
  @PostMapping("/v1/audit/witness")
  ResponseEntity<?> witness(
      @RequestHeader("Witness-Key") String key, @RequestBody String note, Reading reading) {
    try {
      var signature = Witnesses.Signature.read(note, key, clock.instant());
      reading.change(
          "checkpoint:" + signature.size(),
          jdbc -> Witnesses.keep(jdbc, reading.organization(), signature));
      return ResponseEntity.noContent().build();
    } catch (NotASignature unfit) {
      return ResponseEntity.of(
              ProblemDetail.forStatusAndDetail(
                  HttpStatus.UNPROCESSABLE_CONTENT, unfit.getMessage()))
          .build();
    }
  }

  private static void siem(
      SiemForm form, String from, Reading reading, HttpServletResponse response, String type)
      throws IOException {
    if (!INDEX.matcher(from).matches()) {
      throw new NotFound();
    }
    var file = Files.createTempFile("audit", ".siem");
    try {
      var begun =
          reading.begin(
              form.name().toLowerCase(Locale.ROOT),
              jdbc -> {
                try (var out = Files.newBufferedWriter(file)) {
                  SiemExport.write(jdbc, reading.organization(), form, Long.parseLong(from), out);
                  return true;
                } catch (IOException failed) {
                  throw new UncheckedIOException("The export could not be written", failed);
                }
              });
      response.setContentType(type);
      Files.copy(file, response.getOutputStream());
      reading.record("export.finished", begun.uid().toString());
    } finally {
      Files.delete(file);
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
