// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Letter;
import io.sourceblind.identity.Post;

/// There is no mail server: nobody is offered anything that would need one.
public final class NoPost implements Post {

  @Override
  public boolean delivers() {
    return false;
  }

  @Override
  public void send(Letter letter) {
    throw new IllegalStateException("No mail server is set: mail.host");
  }
}
