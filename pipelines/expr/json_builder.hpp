#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_text.hpp"

namespace leat::pipelines {

/// Puts an array or an object together from values that exist already; their texts and tapes are copied.
///
/// The root and all other values point into the builder, so they are valid until it is changed or destroyed.
/// Clearing keeps the buffers.
class JsonBuilder {
 public:
  void clear() noexcept {
    text_.clear();
    tape_.clear();
    open_.clear();
  }

  void start(JsonKind kind) {
    separate();
    const auto at = static_cast<std::uint32_t>(text_.size());
    open_.push_back(static_cast<std::uint32_t>(tape_.size()));
    tape_.push_back({at, at, 1, kind, 0});
    text_ += kind == JsonKind::array ? '[' : '{';
  }
  /// Adds the key of the member that follows; it must be a JSON string.
  void key(JsonValue name) {
    value(name);
    text_ += ':';
  }
  void key(std::string_view name) {
    text(name);
    text_ += ':';
  }
  void value(JsonValue value) {
    separate();
    const std::uint32_t shift = static_cast<std::uint32_t>(text_.size()) - value.node()->begin;
    text_ += value.raw();
    const JsonNode* const first = value.node();
    for (const JsonNode* node = first; node != first + first->span; ++node) {
      tape_.push_back({node->begin + shift, node->end + shift, node->span, node->kind, node->flags});
    }
    if (first->kind >= JsonKind::array && !open_.empty()) tape_[open_.back()].flags |= first->flags;
  }
  void number(std::string_view digits) {
    separate();
    const auto at = static_cast<std::uint32_t>(text_.size());
    text_ += digits;
    tape_.push_back({at, static_cast<std::uint32_t>(text_.size()), 1, JsonKind::number, 0});
  }
  void text(std::string_view words) {
    start_text();
    text_.pop_back();
    append_json_text(text_, words);
    text_.pop_back();
    const bool escaped = text_.size() - tape_.back().begin != words.size() + 1;
    end_text(escaped ? JsonNode::kEscapes : std::uint8_t{0});
  }
  /// Adds a string of which the insides are appended one by one, as they are written in JSON.
  void start_text() {
    separate();
    const auto at = static_cast<std::uint32_t>(text_.size());
    tape_.push_back({at, at, 1, JsonKind::string, 0});
    text_ += '"';
  }
  void inside(std::string_view json) { text_ += json; }
  void inside(JsonValue string) {
    text_ += string.raw().substr(1, string.raw().size() - 2);
    tape_.back().flags |= string.node()->flags;
  }
  void end_text(std::uint8_t flags = 0) {
    text_ += '"';
    tape_.back().end = static_cast<std::uint32_t>(text_.size());
    tape_.back().flags |= flags;
  }
  void end() {
    const auto index = open_.back();
    open_.pop_back();
    JsonNode& node = tape_[index];
    text_ += node.kind == JsonKind::array ? ']' : '}';
    node.end = static_cast<std::uint32_t>(text_.size());
    node.span = static_cast<std::uint32_t>(tape_.size()) - index;
    if (!open_.empty()) tape_[open_.back()].flags |= node.flags;
  }

  [[nodiscard]] JsonValue root() const noexcept { return {text_.data(), tape_.data()}; }
  [[nodiscard]] std::size_t bytes() const noexcept { return text_.size(); }

 private:
  void separate() {
    if (open_.empty() || text_.back() == ':' || tape_.size() == open_.back() + 1u) return;
    text_ += ',';
  }

  std::string text_;
  std::vector<JsonNode> tape_;
  std::vector<std::uint32_t> open_;
};

}  // namespace leat::pipelines
