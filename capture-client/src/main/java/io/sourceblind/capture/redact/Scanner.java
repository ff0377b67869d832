// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Walks the lines of a text once and claims those that belong to its kind of structure.
interface Scanner {

  void scan();
}
