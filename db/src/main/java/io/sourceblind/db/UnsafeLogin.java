// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

/// A login of the database that a service must not run under.
public final class UnsafeLogin extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsafeLogin(String message) {
    super(message);
  }
}
