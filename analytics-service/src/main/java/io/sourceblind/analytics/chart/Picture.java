// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import static java.awt.BasicStroke.CAP_BUTT;
import static java.awt.BasicStroke.JOIN_ROUND;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// A chart as a PNG for slides: the same model as on the page, and nothing that is not in it.
public final class Picture {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 640;
  private static final double LEFT = 120;
  private static final double RIGHT = 1160;
  private static final double TOP = 130;
  private static final double BOTTOM = 520;
  private static final Color INK = new Color(0x1c2024);
  private static final Color SOFT = new Color(0x565d64);
  private static final Color RULE = new Color(0xe3e0d8);
  private static final Color EDGE = new Color(0x85837b);
  private static final Color ACCENT = new Color(0x0e6b61);

  /// Packed a little less than usual: a tenth bigger, in two thirds of the time.
  private static final float QUICK = 0.75f;

  private static final Font BODY = new Font(Font.SANS_SERIF, Font.PLAIN, 22);

  private final Chart chart;

  public Picture(Chart chart) {
    this.chart = chart;
  }

  /// Draws it, with words around it.
  ///
  /// @param heading whose numbers they are
  /// @param footing what a reader must know who sees nothing but the picture
  public byte[] png(String heading, String footing) {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    var pen = image.createGraphics();
    try {
      pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      pen.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, WIDTH, HEIGHT);
      words(pen, heading, footing);
      axes(pen);
      hiddenAndMissing(pen);
      breaks(pen);
      line(pen);
    } finally {
      pen.dispose();
    }
    return bytes(image);
  }

  private void words(Graphics2D pen, String heading, String footing) {
    pen.setColor(INK);
    pen.setFont(BODY.deriveFont(Font.BOLD, 32f));
    pen.drawString(heading, 40, 56);
    pen.setFont(BODY);
    pen.setColor(SOFT);
    pen.drawString(chart.title(), 40, 92);
    pen.setFont(BODY.deriveFont(18f));
    pen.drawString(footing, 40, HEIGHT - 28);
  }

  private void axes(Graphics2D pen) {
    pen.setFont(BODY.deriveFont(20f));
    for (var part : new double[] {0, 0.5, 1}) {
      var y = BOTTOM - (BOTTOM - TOP) * part;
      pen.setStroke(new BasicStroke(2));
      pen.setColor(part == 0 ? EDGE : RULE);
      pen.draw(new Line2D.Double(LEFT, y, RIGHT, y));
      pen.setColor(SOFT);
      write(pen, chart.words().apply(part * chart.top()), LEFT - 14, y + 7, 1);
    }
    var last = chart.points().size() - 1;
    for (var at : last < 2 ? List.of(0) : List.of(0, last / 2, last)) {
      var x = at == 0 ? LEFT : at == last ? RIGHT : (x(at) + x(at + 1)) / 2;
      write(
          pen, chart.points().get(at).label(), x, BOTTOM + 34, at == 0 ? 0 : at == last ? 1 : 0.5);
    }
  }

  private void hiddenAndMissing(Graphics2D pen) {
    for (var run : chart.runsOf(Hidden.class)) {
      var box =
          new Rectangle2D.Double(x(run.from()), TOP, x(run.to() + 1) - x(run.from()), BOTTOM - TOP);
      var clip = pen.getClip();
      pen.clip(box);
      pen.setColor(EDGE);
      pen.setStroke(new BasicStroke(2));
      for (var at = box.x - box.height; at < box.x + box.width; at += 14) {
        pen.draw(new Line2D.Double(at, BOTTOM, at + box.height, TOP));
      }
      pen.setClip(clip);
    }
    if (chart.points().stream().anyMatch(Hidden.class::isInstance)) {
      pen.setColor(INK);
      write(pen, "Hatched: " + chart.hiddenWords(), RIGHT, 92, 1);
    }
    pen.setStroke(new BasicStroke(3, CAP_BUTT, JOIN_ROUND, 1, new float[] {3, 7}, 0));
    pen.setColor(EDGE);
    for (var run : chart.runsOf(Missing.class)) {
      pen.draw(new Line2D.Double(x(run.from()) + 4, BOTTOM - 8, x(run.to() + 1) - 4, BOTTOM - 8));
    }
  }

  private void breaks(Graphics2D pen) {
    pen.setStroke(new BasicStroke(2, CAP_BUTT, JOIN_ROUND, 1, new float[] {2, 6}, 0));
    pen.setColor(INK);
    for (var at : chart.breaks()) {
      pen.draw(new Line2D.Double(x(at), TOP, x(at), BOTTOM));
    }
  }

  private void line(Graphics2D pen) {
    pen.setColor(ACCENT);
    pen.setStroke(new BasicStroke(5, CAP_BUTT, JOIN_ROUND));
    for (var run : chart.lines()) {
      var path = new Path2D.Double();
      for (var at = run.from(); at <= run.to(); at++) {
        var y = y(chart.valueAt(at));
        if (at == run.from()) {
          path.moveTo(x(at), y);
        }
        path.lineTo(x(at), y);
        path.lineTo(x(at + 1), y);
      }
      pen.draw(path);
      for (var at = run.from(); at <= run.to(); at++) {
        var middle = (x(at) + x(at + 1)) / 2;
        pen.fill(new Ellipse2D.Double(middle - 7, y(chart.valueAt(at)) - 7, 14, 14));
      }
    }
  }

  /// @param side how much of the text is left of the point, from 0 to 1
  private static void write(Graphics2D pen, String text, double x, double y, double side) {
    pen.drawString(text, (float) (x - side * pen.getFontMetrics().stringWidth(text)), (float) y);
  }

  private double x(int at) {
    return LEFT + at * (RIGHT - LEFT) / chart.points().size();
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * chart.share(value);
  }

  private static byte[] bytes(BufferedImage image) {
    var bytes = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName("png").next();
    var settings = writer.getDefaultWriteParam();
    settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    settings.setCompressionQuality(QUICK);
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
