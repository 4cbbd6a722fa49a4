#pragma once

#include <string_view>

#include "engine/error.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

/// What a program or a template looks at: a JSON object. One field can be had without the others, so that a
/// record's JSON is not built for `.status == 200`.
///
/// What it gives stays valid during one evaluation; it may be asked for the same thing again.
class Input {
 public:
  virtual ~Input() = default;
  /// Gives a member of the object; it is absent if there is none.
  virtual JsonValue field(std::string_view name) = 0;
  /// Says why a member that `field` gave as absent can't be read; null if it simply isn't there.
  virtual const Error* fault(std::string_view /*name*/) { return nullptr; }
  /// Gives the whole object.
  virtual JsonValue whole() = 0;
};

/// An object that exists as a JSON value already.
class JsonInput : public Input {
 public:
  explicit JsonInput(JsonValue object) noexcept : object_(object) {}
  JsonValue field(std::string_view name) override { return object_.get(name); }
  JsonValue whole() override { return object_; }

 private:
  JsonValue object_;
};

}  // namespace leat::pipelines
