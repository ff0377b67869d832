// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/// What somebody sees who does not get what they asked for: the same bytes for the same status,
/// whatever the reason was.
@Controller
class ErrorPages implements ErrorController {
  static final String PATH = "/error";

  private static final MediaType SCIM =
      MediaType.parseMediaType("application/scim+json;charset=UTF-8");

  private record Explanation(String title, String text) {}

  private static final Explanation ELSE =
      new Explanation(
          "Something went wrong on our side",
          "Nothing was changed. Whoever runs this installation finds the reason in its log.");

  private static final Map<HttpStatus, Explanation> EXPLANATIONS =
      Map.of(
          HttpStatus.BAD_REQUEST,
          new Explanation(
              "This address asks for something that is not offered",
              "Pages of numbers take whole ISO weeks that are over, such as 2026-W46, and no"
                  + " filters, breakdowns or order: every number there was fixed when it was"
                  + " released."),
          HttpStatus.UNAUTHORIZED,
          new Explanation("Who are you?", "This needs an API token of your organization."),
          HttpStatus.FORBIDDEN,
          new Explanation(
              "This page is not for your role",
              "Engineers see their own data, managers see teams, owners run the organization, reviewers see the controls. No"
                  + " role sees another person's sessions."),
          HttpStatus.NOT_FOUND,
          new Explanation(
              "There is nothing here", "It may never have existed, or it is not yours to see."),
          HttpStatus.SERVICE_UNAVAILABLE,
          new Explanation(
              "Not now",
              "What is read here is written down first. That did not work, so nothing was read."
                  + " Please try again in a minute."));

  @RequestMapping(PATH)
  Object answer(HttpServletRequest request, HttpServletResponse response) {
    var status = statusOf(request);
    var explanation = EXPLANATIONS.getOrDefault(status, ELSE);
    if (isForProviders(request)) {
      return ResponseEntity.status(status)
          .contentType(SCIM)
          .body(
              Map.of(
                  "schemas",
                  List.of("urn:ietf:params:scim:api:messages:2.0:Error"),
                  "status",
                  String.valueOf(status.value()),
                  "detail",
                  explanation.title()));
    }
    if (isForPrograms(request)) {
      var problem = ProblemDetail.forStatus(status);
      problem.setTitle(explanation.title());
      problem.setDetail(explanation.text());
      return ResponseEntity.status(status)
          .contentType(MediaType.APPLICATION_PROBLEM_JSON)
          .body(problem);
    }
    return new ModelAndView("error", Map.of("explanation", explanation), status);
  }

  private static HttpStatus statusOf(HttpServletRequest request) {
    var code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    var status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
  }

  private static boolean isForProviders(HttpServletRequest request) {
    return uriOf(request).startsWith("/scim/");
  }

  private static boolean isForPrograms(HttpServletRequest request) {
    return uriOf(request).startsWith("/v1/");
  }

  private static String uriOf(HttpServletRequest request) {
    @Nullable Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return uri instanceof String path ? path : "";
  }
}
