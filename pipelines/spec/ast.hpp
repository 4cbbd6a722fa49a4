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

/// A value as it is written; its type is the binder's business.
struct Value {
  ValueKind kind = ValueKind::word;
  bool damaged = false;  // a fault in it was reported
  Span span;             // with quotes, parentheses or braces
  std::string text;      // a word; a quoted text, its escapes decoded; what stands between ( and )
  std::shared_ptr<const Pipeline> block;
};

struct Arg {
  std::string key;  // empty: positional
  Span key_span;
  Value value;
};

/// What `#` comments say, kept for the formatter, each from its `#` to the end of its line.
struct Comments {
  std::vector<std::string> before;  // lines of their own
  std::string behind;               // on the line where the thing ends
};

/// A stage, or `include "file"` in the place of one: its name is `include` then.
struct Stage {
  std::string name;  // empty where a fault stands in its place
  Span span;         // of the name
  std::vector<Arg> args;
  bool damaged = false;  // some of it was not understood: args may be missing
  Comments comments;
};

/// `let name = value;`, or `include "file";` where the name is empty.
struct Statement {
  std::string name;
  Span span;  // of the name, or of `include`
  Value value;
  Comments comments;
};

/// A whole spec, or a block.
struct Pipeline {
  std::vector<Statement> statements;
  std::vector<Stage> stages;
  std::vector<std::string> comments_at_end;
  bool damaged = false;  // a stage may be missing
  Span span;             // with the braces of a block
};

}  // namespace leat::pipelines::ast
