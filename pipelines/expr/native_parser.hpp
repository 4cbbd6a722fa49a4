#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/native_scanner.hpp"

namespace leat::pipelines {

/// Reads a program by jq's grammar as far as the subset goes. Where jq reads on in a way that is not followed
/// here, the parser gives up. For one program.
class NativeParser {
 public:
  explicit NativeParser(std::string_view text) noexcept : scan_(text) {}

  std::optional<NativeTree> parse();

 private:
  using Made = std::optional<std::uint32_t>;  // a node; nothing if it is outside the subset

  // Evaluation goes as deep as the tree is.
  static constexpr unsigned kMaxDepth = 60;
  static constexpr std::size_t kMostNodes = 300;

  class Deeper {
   public:
    explicit Deeper(unsigned& depth) noexcept : depth_(++depth) {}
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    [[nodiscard]] bool too_deep() const noexcept { return depth_ > kMaxDepth; }

   private:
    unsigned& depth_;
  };

  [[nodiscard]] const NativeNode& node(std::uint32_t index) const { return tree_.nodes[index]; }

  // Operators, from the loosest to the tightest.
  Made pipe();
  Made comma();
  Made alternative();
  Made either();
  Made both();
  Made comparison();
  Made sum();
  Made postfix();
  Made condition();
  Made attempt();
  Made bound(std::uint32_t value);

  // Terms.
  Made negative();
  Made term();
  Made head();
  Made dot();
  Made step(std::uint32_t target);
  bool key(NativeNode& made);
  bool bracket(NativeNode& made);
  Made string(NativeFunction function);
  Made format();
  Made number(bool negative);
  Made variable();
  Made array();
  Made object();
  bool member(NativeNode& object);
  bool member_key(NativeMember& made, Made& value);
  Made member_value();

  // Functions.
  Made word();
  Made call(NativeFunction function);
  Made with_argument(NativeOp op);
  Made map();
  Made values();
  Made test();
  Made del();
  [[nodiscard]] bool is_path(std::uint32_t index) const;
  std::optional<std::string> constant_text();

  bool let();

  NativeScanner scan_;
  unsigned depth_ = 0;
  std::map<std::string, std::string> constants_;             // of a spec, as JSON
  std::vector<std::pair<std::string, std::size_t>> scopes_;  // what `as` binds here, and its place
  NativeTree tree_;
};

}  // namespace leat::pipelines
