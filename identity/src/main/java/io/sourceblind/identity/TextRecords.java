// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/// What the world's name servers say: text that only the owner of a domain can have put there.
public final class TextRecords {
  private final String servers;

  /// @param servers `dns:` for those of this machine, or `dns://host:port`
  public TextRecords(String servers) {
    this.servers = servers;
  }

  /// The texts of a name; none where there is no such name.
  ///
  /// @throws NotAnswered if no name server answered
  // Only text comes out of this: no object is asked for, and none is made of an answer.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  List<String> of(String name) {
    var environment = new Hashtable<String, String>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, servers);
    environment.put("com.sun.jndi.dns.timeout.initial", "2000");
    environment.put("com.sun.jndi.dns.timeout.retries", "2");
    try {
      var context = new InitialDirContext(environment);
      try {
        var texts = context.getAttributes(name, new String[] {"TXT"}).get("TXT");
        var found = new ArrayList<String>();
        for (var at = 0; texts != null && at < texts.size(); at++) {
          found.add(String.valueOf(texts.get(at)).replace("\"", ""));
        }
        return found;
      } finally {
        context.close();
      }
    } catch (NameNotFoundException _) {
      return List.of();
    } catch (NamingException unanswered) {
      throw new NotAnswered(unanswered);
    }
  }

  /// No name server could be asked.
  public static final class NotAnswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAnswered(Throwable cause) {
      super("No name server answered; try again in a minute", cause);
    }
  }
}
