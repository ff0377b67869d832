// SPDX-License-Identifier: Apache-2.0
/// How somebody comes in, stays in and goes: by password, mailed code, link or invitation in a
/// browser, by a code between browser and command line, and the page on which they see and end what
/// lets them in. Whether an address is somebody's changes nothing that is seen here.
@NullMarked
package io.sourceblind.analytics.signin;

import org.jspecify.annotations.NullMarked;
