// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// How numbers are made and what they cannot say, for everybody.
@Controller
class HowItWorks {

  @GetMapping("/how-it-works")
  String page() {
    return "how-it-works";
  }
}
