package dev.indelible.server.print;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** HTML of a document, built as a tree. Its texts are printable ones of {@link Fonts}. */
final class Markup {

  /** A word in Devanagari, with the joiners in it. */
  private static final Pattern DEVANAGARI =
      Pattern.compile(
          "[\\p{IsDevanagari}\\u200C\\u200D]*\\p{IsDevanagari}[\\p{IsDevanagari}\\u200D]*");

  private final Document html = newHtml();
  private final ToDoubleFunction<String> surplus;

  /**
   * Begins a document.
   *
   * @param surplus as {@link Fonts#surplus}
   */
  Markup(ToDoubleFunction<String> surplus) {
    this.surplus = surplus;
  }

  private static Document newHtml() {
    try {
      return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().newDocument();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  Document document() {
    return html;
  }

  /** Adds the outermost element. */
  Element root(String language) {
    Element root = html.createElement("html");
    root.setAttribute("lang", language);
    html.appendChild(root);
    return root;
  }

  /** Adds an element of a class of the style sheet, or of none. */
  Element append(Element parent, String name, String style) {
    Element element = html.createElement(name);
    if (!style.isEmpty()) {
      element.setAttribute("class", style);
    }
    parent.appendChild(element);
    return element;
  }

  /**
   * Puts a text into an element, its words in Devanagari in a font of their own, which joins their
   * letters.
   */
  void text(Element element, String printable) {
    Matcher devanagari = DEVANAGARI.matcher(printable);
    int from = 0;
    while (devanagari.find()) {
      append(element, printable.substring(from, devanagari.start()));
      Element word = append(element, "abbr", "devanagari");
      word.setAttribute("title", devanagari.group());
      word.setAttribute(
          "style",
          String.format(
              Locale.ROOT, "margin-right: %.3fem", -surplus.applyAsDouble(devanagari.group())));
      append(word, devanagari.group());
      from = devanagari.end();
    }
    append(element, printable.substring(from));
  }

  /**
   * Puts texts beneath each other, each a paragraph of its own for the order of its characters (UAX
   * 9, B). As line breaks and not as elements: each of those takes several times as much memory.
   */
  void lines(Element element, List<String> printable) {
    text(element, String.join("\n", printable));
  }

  /** Adds a text. The library fails on an empty one beside another element. */
  private void append(Element element, String text) {
    if (!text.isEmpty()) {
      element.appendChild(html.createTextNode(text));
    }
  }
}
