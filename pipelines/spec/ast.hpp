#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipelines/spec/source.hpp"

namespace leat::pipelines::ast {

struct Pipeline;

/// How a value is written.
enum class ValueKind : std::uint8_t {
  word,    // http://h/?a=1   also $name, env:NAME and secret:NAME, which the binder looks up
  quoted,  // "text"
  jq,      // ( program )
  block,   // { pipeline }
};

/// A value as it is written. The binder gives it a type.
struct Value {
  ValueKind kind = ValueKind::word;
  bool damaged = false;  // a fault in it was reported
  bool checked = false;  // the argument's own check has seen the text already, as that of an option
  Span span;             // includes quotes, parentheses or braces
  std::string text;      // the word, the quoted text with its escapes decoded, or what stands between ( and )
  std::shared_ptr<const Pipeline> block;
};

struct Arg {
  std::string key;  // empty for a positional one
  Span key_span;
  Value value;
};

/// The `#` comments, kept for the formatter, each from its `#` to the end of its line.
struct Comments {
  std::vector<std::string> before;  // those on lines of their own
  std::string behind;               // the one on the line where the thing ends
};

/// A stage, or `include "file"` in the place of one; then its name is `include`.
struct Stage {
  std::string name;  // empty if a fault stands in its place
  Span span;         // place of the name
  std::vector<Arg> args;
  bool damaged = false;  // a part was not understood, so args may be missing
  Comments comments;
};

/// `let name = value;`, or `include "file";` with an empty name.
struct Statement {
  std::string name;
  Span span;  // place of the name, or of `include`
  Value value;
  Comments comments;
};

/// A whole spec or a block.
struct Pipeline {
  std::vector<Statement> statements;
  std::vector<Stage> stages;
  std::vector<std::string> comments_at_end;
  bool damaged = false;  // a stage may be missing
  Span span;             // includes the braces of a block
};

}  // namespace leat::pipelines::ast
