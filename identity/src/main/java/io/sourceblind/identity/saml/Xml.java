// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// XML as it is read from strangers: nothing outside the document is opened, no type is declared,
/// and nothing is deep.
final class Xml {
  static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
  static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
  private static final String LIMITS = "http://www.oracle.com/xml/jaxp/properties/";
  private static final String DEEPEST = "50";
  private static final String MOST_ATTRIBUTES = "50";

  private Xml() {}

  /// @param plain whether a declared type is refused; false only for a twin
  /// @throws Refusal if it cannot be read
  static Document parse(byte[] xml, boolean plain) {
    var factory = DocumentBuilderFactory.newDefaultNSInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", plain);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setAttribute(LIMITS + "maxElementDepth", DEEPEST);
      factory.setAttribute(LIMITS + "elementAttributeLimit", MOST_ATTRIBUTES);
      factory.setXIncludeAware(false);
      factory.setIgnoringComments(true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new ByteArrayInputStream(xml));
    } catch (SAXException | IOException unreadable) {
      var declares = String.valueOf(unreadable.getMessage()).contains("DOCTYPE");
      throw new Refusal(
          declares ? Guard.NO_DOCTYPE.fault() : "What the provider says is no XML.", unreadable);
    } catch (ParserConfigurationException missing) {
      throw new IllegalStateException("Every Java reads XML like this", missing);
    }
  }

  static boolean is(Element element, String space, String name) {
    return space.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
  }

  /// The only one of its kind; null for none and for several.
  static @Nullable Element child(@Nullable Element of, String space, String name) {
    var all = children(of, space, name);
    return all.size() == 1 ? all.getFirst() : null;
  }

  static List<Element> children(@Nullable Element of, String space, String name) {
    return elements(of).stream().filter(element -> is(element, space, name)).toList();
  }

  static List<Element> elements(@Nullable Element of) {
    var elements = new ArrayList<Element>();
    for (Node child = of == null ? null : of.getFirstChild();
        child != null;
        child = child.getNextSibling()) {
      if (child instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }

  /// What an element says that holds nothing but text.
  static @Nullable String text(@Nullable Element element) {
    return element == null || !elements(element).isEmpty()
        ? null
        : element.getTextContent().strip();
  }

  static List<Element> all(Document document) {
    var found = document.getElementsByTagNameNS("*", "*");
    var elements = new ArrayList<Element>();
    for (var at = 0; at < found.getLength(); at++) {
      elements.add((Element) Objects.requireNonNull(found.item(at)));
    }
    return elements;
  }
}
