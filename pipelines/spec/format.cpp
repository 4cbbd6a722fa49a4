#include "pipelines/spec/format.hpp"

#include <algorithm>
#include <string_view>

#include "engine/text/utf8.hpp"
#include "pipelines/spec/quoted_text.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// If a comment may end the program, its blanks are kept, because the newline ends the comment.
std::string_view without_blanks_around(std::string_view program) {
  if (program.find('#') != std::string_view::npos) return program;
  const auto begin = program.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return program.substr(begin, program.find_last_not_of(kBlanks) + 1 - begin);
}

/// Writes a tree on one line, as far as it fits.
class OneLine {
 public:
  explicit OneLine(std::size_t width) : width_(width) {}

  void pipeline(const ast::Pipeline& tree) {
    fits_ = fits_ && tree.comments_at_end.empty();
    for (const auto& made : tree.statements) {
      if (!goes_on(made.comments)) return;
      add(statement_head(made));
      value(made.value);
      add("; ");
    }
    for (const auto& made : tree.stages) {
      if (!goes_on(made.comments)) return;
      if (&made != tree.stages.data()) add(" | ");
      stage(made);
    }
    if (tree.stages.empty() && text_.ends_with(' ')) text_.pop_back();
  }

  void stage(const ast::Stage& made) {
    add(made.name);
    for (const auto& arg : made.args) {
      if (!fits_) return;
      add(" ");
      if (!arg.key.empty()) add(arg.key + "=");
      value(arg.value);
    }
  }

  void value(const ast::Value& made) {
    switch (made.kind) {
      case ast::ValueKind::word:
        return add(made.text);
      case ast::ValueKind::quoted:
        return add(escape(made.text));
      case ast::ValueKind::jq:
        add("(");
        add(without_blanks_around(made.text));
        return add(")");
      case ast::ValueKind::block:
        add("{ ");
        pipeline(*made.block);
        return add(text_.ends_with("{ ") ? "}" : " }");
    }
  }

  [[nodiscard]] bool fits() const { return fits_ && text::count_characters(text_) <= width_; }
  [[nodiscard]] const std::string& text() const { return text_; }

  // After a blank, a word that begins with '#' would be a comment.
  static std::string statement_head(const ast::Statement& made) {
    if (made.name.empty()) return "include ";
    const bool as_comment = made.value.kind == ast::ValueKind::word && made.value.text.starts_with('#');
    return "let " + made.name + (as_comment ? " =" : " = ");
  }

 private:
  bool goes_on(const ast::Comments& comments) {
    fits_ = fits_ && comments.before.empty() && comments.behind.empty();
    return fits_;
  }
  void add(std::string_view text) {
    // A character has at most four bytes, so a longer text need not be counted.
    fits_ = fits_ && text_.size() + text.size() <= 4 * width_ && text.find('\n') == std::string_view::npos;
    if (fits_) text_ += text;
  }

  std::size_t width_;
  std::string text_;
  bool fits_ = true;
};

/// Writes a tree on as many lines as it needs.
class Formatter {
 public:
  void pipeline(const ast::Pipeline& tree, std::size_t indent) {
    for (const auto& made : tree.statements) {
      comments(made.comments.before, indent);
      line(indent, OneLine::statement_head(made));
      value(made.value, indent);
      out_ += ';';
      behind(made.comments);
    }
    for (const auto& made : tree.stages) {
      comments(made.comments.before, indent);
      line(indent, &made == tree.stages.data() ? "" : "| ");
      stage(made, indent);
      behind(made.comments);
    }
    comments(tree.comments_at_end, indent);
  }

  std::string take() { return std::move(out_); }

 private:
  void stage(const ast::Stage& made, std::size_t indent) {
    OneLine flat(room());
    flat.stage(made);
    if (flat.fits()) {
      out_ += flat.text();
      return;
    }
    out_ += made.name;
    for (const auto& arg : made.args) {
      out_ += ' ';
      if (!arg.key.empty()) out_ += arg.key + "=";
      value(arg.value, indent);
    }
  }

  void value(const ast::Value& made, std::size_t indent) {
    if (made.kind == ast::ValueKind::jq) {
      out_.append("(").append(without_blanks_around(made.text)).append(")");
    } else if (made.kind == ast::ValueKind::quoted) {
      out_ += escape(made.text);
    } else if (made.kind == ast::ValueKind::word) {
      out_ += made.text;
    } else {
      block(made, indent);
    }
  }

  void block(const ast::Value& made, std::size_t indent) {
    OneLine flat(room());
    flat.value(made);
    if (flat.fits()) {
      out_ += flat.text();
      return;
    }
    out_ += '{';
    pipeline(*made.block, indent + 4);
    line(indent + 2, "}");
  }

  // Gives the room on the line that is being written; it looks at no more of the line than can matter.
  [[nodiscard]] std::size_t room() const {
    constexpr std::size_t kFarEnough = 4 * kFormatWidth;
    const auto tail = std::string_view(out_).substr(out_.size() - std::min(out_.size(), kFarEnough));
    const auto newline = tail.rfind('\n');
    const auto used =
        text::count_characters(newline == std::string_view::npos ? tail : tail.substr(newline + 1));
    return used < kFormatWidth ? kFormatWidth - used : 0;
  }
  void line(std::size_t indent, std::string_view start) {
    if (!out_.empty()) out_ += '\n';
    out_.append(indent, ' ').append(start);
  }
  void comments(const std::vector<std::string>& lines, std::size_t indent) {
    for (const auto& comment : lines) line(indent, comment);
  }
  void behind(const ast::Comments& comments) {
    if (!comments.behind.empty()) out_.append("  ").append(comments.behind);
  }

  std::string out_;
};

}  // namespace

std::string format(const ast::Pipeline& tree) {
  OneLine flat(kFormatWidth);
  flat.pipeline(tree);
  if (flat.fits()) return flat.text();
  Formatter formatter;
  formatter.pipeline(tree, 0);
  return formatter.take();
}

}  // namespace leat::pipelines
