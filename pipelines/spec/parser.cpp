#include "pipelines/spec/parser.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/utf8.hpp"
#include "pipelines/spec/lexer.hpp"

namespace leat::pipelines {

namespace {

/// Goes over one text once by recursive descent; a block is one level.
class Parser {
 public:
  Parser(std::string_view text, std::uint32_t source, FaultList& faults) : lexer_(text, source, faults) {}

  ParsedSpec run() {
    ParsedSpec spec;
    spec.tree = pipeline(0);
    spec.tree.span = lexer_.span_from(0);
    spec.steps = lexer_.steps();
    return spec;
  }

 private:
  ast::Pipeline pipeline(std::size_t depth);
  void let(ast::Pipeline& pipeline, std::size_t depth, std::uint32_t begin);
  void end_let(ast::Statement& made, ast::Pipeline& pipeline, std::uint32_t begin);
  ast::Stage stage(std::size_t depth);
  void argument(ast::Stage& stage, std::size_t depth);
  ast::Value value(std::size_t depth);
  ast::Value block(std::size_t depth);
  void semicolon(ast::Stage stage, ast::Pipeline& pipeline, bool is_first);

  void skip() {
    lexer_.skip_blanks();
    auto comments = lexer_.take_comments();
    std::move(comments.begin(), comments.end(), std::back_inserter(pending_));
  }
  // The comments that belong to no stage yet become lines before one.
  void take_comments(std::vector<std::string>& lines) {
    for (auto& comment : pending_) lines.push_back(std::move(comment.text));
    pending_.clear();
  }
  void take_comment_behind(std::string& behind) {
    if (pending_.empty() || pending_.front().own_line) return;
    behind = std::move(pending_.front().text);
    pending_.erase(pending_.begin());
  }

  // Says whether a stage or a value can end here.
  [[nodiscard]] bool at_boundary() const {
    return lexer_.at_end() || std::string_view("|};").find(lexer_.peek()) != std::string_view::npos;
  }
  // Skips a character that makes no sense where it stands.
  void skip_stray(std::string message) {
    const auto begin = lexer_.offset();
    lexer_.take(lexer_.peek());
    lexer_.fault(lexer_.span_from(begin), std::move(message));
  }

  Lexer lexer_;
  std::vector<Lexer::Comment> pending_;
  std::size_t stages_ = 0;
};

ast::Pipeline Parser::pipeline(std::size_t depth) {
  ast::Pipeline made;
  Span bar;  // the last "|", after which a stage is expected
  bool due = false;
  for (;;) {
    skip();
    const auto begin = lexer_.offset();
    if (lexer_.take('|')) {
      if (due || made.stages.empty()) {
        lexer_.fault(lexer_.span_from(begin), "a stage is missing before this \"|\"");
        made.damaged = true;
      }
      due = true;
      bar = lexer_.span_from(begin);
    } else if (lexer_.at_end() || (depth > 0 && lexer_.peek() == '}')) {
      break;
    } else if (lexer_.peek() == '}') {
      skip_stray("this \"}\" closes nothing");
      made.damaged = true;
    } else if (lexer_.peek() == ';') {
      skip_stray("this \";\" ends nothing; stages are joined by \"|\"");
      made.damaged = true;
    } else if (lexer_.take_keyword("let")) {
      if (!made.stages.empty()) lexer_.fault(lexer_.span_from(begin), "a let stands before the first stage");
      let(made, depth, begin);
    } else {
      auto next = stage(depth);
      if (lexer_.peek() == ';') {
        semicolon(std::move(next), made, made.stages.empty() && !due);
      } else {
        made.stages.push_back(std::move(next));
        due = false;
      }
    }
  }
  if (due && !lexer_.stopped()) lexer_.fault(bar, "a stage is missing after this \"|\"");
  made.damaged = made.damaged || due || lexer_.stopped();
  take_comments(made.comments_at_end);
  return made;
}

// `let` has been read already.
void Parser::let(ast::Pipeline& pipeline, std::size_t depth, std::uint32_t begin) {
  ast::Statement made;
  take_comments(made.comments.before);
  const Span keyword = lexer_.span_from(begin);
  skip();
  const auto name_begin = lexer_.offset();
  made.name = lexer_.let_name();
  made.span = lexer_.span_from(name_begin);
  if (!is_let_name(made.name)) {
    lexer_.fault(made.name.empty() ? keyword : made.span,
                 "let takes a name of letters, digits, \"_\" and \"-\", as in: let cap = 50;");
    made.value.damaged = true;
  }
  skip();
  if (!lexer_.take('=') && !made.value.damaged) {
    lexer_.fault(made.span, "\"=\" is missing after the name, as in: let " + made.name + " = 50;");
    made.value.damaged = true;
  }
  skip();
  if (at_boundary() || lexer_.peek() == ')') {
    lexer_.fault(made.span, "let " + in_quotes(made.name) + " has no value");
    made.value.damaged = true;
    if (lexer_.peek() == ')') skip_stray("this \")\" closes nothing");
  } else {
    auto read = value(depth);
    read.damaged = read.damaged || made.value.damaged;
    made.value = std::move(read);
  }
  end_let(made, pipeline, begin);
}

void Parser::end_let(ast::Statement& made, ast::Pipeline& pipeline, std::uint32_t begin) {
  const auto end = made.value.span.end == 0 ? begin : made.value.span.end;
  skip();
  take_comments(made.comments.before);
  if (lexer_.take(';')) {
    skip();
    take_comment_behind(made.comments.behind);
  } else if (!made.value.damaged && !lexer_.stopped()) {
    Span after = made.span;
    after.begin = after.end = end;
    lexer_.fault(after, "\";\" is missing after the value of let " + in_quotes(made.name));
  }
  if (is_let_name(made.name)) pipeline.statements.push_back(std::move(made));
}

// A stage with a ";" behind it is right only for an `include "file";` before the first stage.
void Parser::semicolon(ast::Stage stage, ast::Pipeline& pipeline, bool is_first) {
  const auto begin = lexer_.offset();
  lexer_.take(';');
  if (stage.name == "include" && is_first) {
    ast::Statement made;
    made.span = stage.span;
    made.comments = std::move(stage.comments);
    made.value.damaged = true;
    if (stage.args.size() == 1 && stage.args[0].key.empty()) {
      made.value = std::move(stage.args[0].value);
    } else if (!stage.damaged) {
      lexer_.fault(stage.span, "include takes one name of a file, as in: include \"lets.leat\";");
    }
    skip();
    if (made.comments.behind.empty()) take_comment_behind(made.comments.behind);
    pipeline.statements.push_back(std::move(made));
    return;
  }
  lexer_.fault(lexer_.span_from(begin), "\";\" ends a let or an include; stages are joined by \"|\"");
  pipeline.damaged = true;
  pipeline.stages.push_back(std::move(stage));
}

ast::Stage Parser::stage(std::size_t depth) {
  ast::Stage made;
  take_comments(made.comments.before);
  const auto begin = lexer_.offset();
  made.name = lexer_.stage_name();
  made.span = lexer_.span_from(begin);
  if (made.name.empty()) {
    made.span.end = begin + 1;
    lexer_.fault(made.span, "a stage begins with its name");
    made.damaged = true;
  }
  if (made.name.find(text::kByteOrderMark) != std::string::npos) {
    lexer_.fault(made.span, "a byte order mark may stand only at the start of a file");
    made.damaged = true;
  }
  if (++stages_ > kMaxStages) {
    lexer_.fault(made.span, "more than " + std::to_string(kMaxStages) + " stages");
    lexer_.stop();
    made.damaged = true;
  }
  bool after_name = true;
  for (;;) {
    skip();
    if (at_boundary()) break;
    if (lexer_.is_glued() && !after_name && lexer_.peek() != ')') {
      const auto here = lexer_.offset();
      Span at = lexer_.span_from(here);
      at.end = here + 1;
      lexer_.fault(at,
                   "a blank is missing here; a text that holds a quote, a parenthesis or a brace stands in "
                   "double quotes as a whole");
      made.damaged = true;
    }
    after_name = false;
    take_comments(made.comments.before);
    argument(made, depth);
  }
  take_comment_behind(made.comments.behind);
  made.damaged = made.damaged || lexer_.stopped();
  return made;
}

void Parser::argument(ast::Stage& stage, std::size_t depth) {
  const auto begin = lexer_.offset();
  if (lexer_.peek() == ')') {
    skip_stray("this \")\" closes nothing");
    stage.damaged = true;
    return;
  }
  ast::Arg made;
  if (const auto key = lexer_.key()) {
    made.key = *key;
    made.key_span = lexer_.span_from(begin);
    --made.key_span.end;
    lexer_.skip_blanks();
    if (!lexer_.is_glued() || at_boundary() || lexer_.peek() == ')') {
      lexer_.fault(made.key_span, "\"" + made.key + "=\" needs a value directly after it");
      stage.damaged = true;
      return;
    }
  }
  made.value = value(depth);
  stage.damaged = stage.damaged || made.value.damaged;
  stage.args.push_back(std::move(made));
}

ast::Value Parser::value(std::size_t depth) { return lexer_.peek() == '{' ? block(depth) : lexer_.value(); }

ast::Value Parser::block(std::size_t depth) {
  ast::Value made;
  made.kind = ast::ValueKind::block;
  const auto begin = lexer_.offset();
  lexer_.take('{');
  const Span brace = lexer_.span_from(begin);
  if (depth == Lexer::kMaxDepth) {
    lexer_.fault(brace, "more than " + std::to_string(Lexer::kMaxDepth) + " blocks within each other");
    lexer_.stop();
    made.damaged = true;
  }
  auto inside = pipeline(depth + 1);
  if (!lexer_.take('}')) {
    if (!lexer_.stopped()) lexer_.fault(brace, "this \"{\" is not closed by a \"}\"");
    lexer_.stop();
    made.damaged = true;
  }
  made.span = lexer_.span_from(begin);
  inside.span = made.span;
  made.block = std::make_shared<const ast::Pipeline>(std::move(inside));
  return made;
}

// Says whether the text can be parsed at all; if not, it isn't.
bool is_fit(std::string_view text, std::uint32_t source, FaultList& faults) {
  const auto fault = [&](std::size_t at, std::string message) {
    const auto begin = static_cast<std::uint32_t>(at);
    faults.add(Span{source, begin, begin + 1}, std::move(message));
    return false;
  };
  if (text.size() > kMaxSpec) return fault(kMaxSpec, "the spec is larger than 1 MiB");
  if (const auto good = text::valid_utf8_prefix(text); good < text.size())
    return fault(good, "this is not UTF-8");
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return fault(nul, "a spec holds no NUL character");
  }
  return true;
}

}  // namespace

ParsedSpec parse_spec(const SourceTexts& sources, std::uint32_t source, FaultList& faults) {
  const auto text = sources.text(source);
  if (is_fit(text, source, faults)) return Parser(text, source, faults).run();
  ParsedSpec none;
  none.tree.damaged = true;
  return none;
}

}  // namespace leat::pipelines
