// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.DeviceGrants;
import io.sourceblind.identity.DeviceGrants.Answer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// What a command line asks to be signed in (RFC 8628). It is a public client: what it gets is
/// worth nothing until somebody has said yes in their browser.
@RestController
class DeviceApi {
  private static final String CLIENT = "capture";
  private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  private static final String REFRESH_TOKEN = "refresh_token";

  private final DeviceGrants devices;

  DeviceApi(DeviceGrants devices) {
    this.devices = devices;
  }

  @PostMapping(path = "/oauth2/device_authorization", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Map<String, Object>> begin(
      @RequestParam(name = "client_id", defaultValue = "") String client,
      HttpServletRequest request) {
    if (!client.equals(CLIENT)) {
      return refused(HttpStatus.UNAUTHORIZED, "invalid_client");
    }
    var asked = devices.ask(Visitor.callerOf(request));
    if (asked == null) {
      return refused(HttpStatus.TOO_MANY_REQUESTS, "slow_down");
    }
    // Whoever makes a host up reads it in their own answer.
    var page = ServletUriComponentsBuilder.fromContextPath(request).path("/device");
    return answer(
        HttpStatus.OK,
        Map.of(
            "device_code",
            asked.deviceCode(),
            "user_code",
            asked.userCode(),
            "verification_uri",
            page.toUriString(),
            "verification_uri_complete",
            page.queryParam("user_code", asked.userCode()).toUriString(),
            "expires_in",
            asked.validFor().toSeconds(),
            "interval",
            asked.interval()));
  }

  @PostMapping(path = "/oauth2/token", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Map<String, Object>> token(
      @RequestParam(name = "client_id", defaultValue = "") String client,
      @RequestParam(name = "grant_type", defaultValue = "") String grant,
      @RequestParam(name = "device_code", defaultValue = "") String deviceCode,
      @RequestParam(name = REFRESH_TOKEN, defaultValue = "") String refreshToken) {
    if (!client.equals(CLIENT)) {
      return refused(HttpStatus.UNAUTHORIZED, "invalid_client");
    }
    return switch (grant) {
      case DEVICE_CODE -> answer(devices.poll(deviceCode));
      case REFRESH_TOKEN -> answer(devices.refresh(refreshToken));
      case "" -> refused(HttpStatus.BAD_REQUEST, "invalid_request");
      default -> refused(HttpStatus.BAD_REQUEST, "unsupported_grant_type");
    };
  }

  private static ResponseEntity<Map<String, Object>> answer(Answer answer) {
    return switch (answer) {
      case Answer.Refused(var error) -> refused(HttpStatus.BAD_REQUEST, error);
      case Answer.Tokens(var access, var refresh, var validFor) ->
          answer(
              HttpStatus.OK,
              Map.of(
                  "access_token",
                  access.secret(),
                  "token_type",
                  "Bearer",
                  "expires_in",
                  validFor.toSeconds(),
                  REFRESH_TOKEN,
                  refresh.secret()));
    };
  }

  private static ResponseEntity<Map<String, Object>> refused(HttpStatus status, String error) {
    return answer(status, Map.of("error", error));
  }

  private static ResponseEntity<Map<String, Object>> answer(
      HttpStatus status, Map<String, Object> body) {
    return ResponseEntity.status(status).cacheControl(CacheControl.noStore()).body(body);
  }
}
