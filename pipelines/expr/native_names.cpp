#include "pipelines/expr/native_names.hpp"

#include <algorithm>

namespace leat::pipelines {

namespace {

/// Follows the input through the tree, to find what may be the whole input and where fields of it are looked
/// at.
class Walk {
 public:
  explicit Walk(const NativeTree& tree) : tree_(tree) {}

  std::optional<std::vector<std::string>> names() {
    use(visit(static_cast<std::uint32_t>(tree_.nodes.size() - 1), true));
    if (whole_) return std::nullopt;
    return std::move(names_);
  }

 private:
  void use(bool input) noexcept { whole_ = whole_ || input; }

  // Says whether the node may give the whole input, if it may get it.
  bool visit(std::uint32_t index, bool input) {
    const NativeNode& node = tree_.nodes[index];
    switch (node.op) {
      case NativeOp::identity:
        return input;
      case NativeOp::field:
        if (visit(node.a, input) && std::find(names_.begin(), names_.end(), node.text) == names_.end()) {
          names_.push_back(node.text);
        }
        return false;
      case NativeOp::constant:
      case NativeOp::variable:
      case NativeOp::empty:
        return false;
      case NativeOp::index:
      case NativeOp::iterate:
      case NativeOp::array:
        use(visit(node.a, input));
        return false;
      case NativeOp::equal:
      case NativeOp::not_equal:
      case NativeOp::less:
      case NativeOp::less_equal:
      case NativeOp::greater:
      case NativeOp::greater_eq:
      case NativeOp::sum:
      case NativeOp::both:
      case NativeOp::either:
        use(visit(node.a, input));
        use(visit(node.b, input));
        return false;
      case NativeOp::call:
        use(input);
        if (tree_.takes_argument(node)) use(visit(node.a, input));
        return false;
      case NativeOp::del:
        use(input);
        return false;
      case NativeOp::alternative:
      case NativeOp::comma: {
        const bool left = visit(node.a, input);
        return visit(node.b, input) || left;
      }
      case NativeOp::condition: {
        use(visit(node.a, input));
        const bool left = visit(node.b, input);
        return visit(node.c, input) || left;
      }
      case NativeOp::pipe:
        return visit(node.b, visit(node.a, input));
      case NativeOp::binding:
        use(visit(node.a, input));
        return visit(node.b, input);
      case NativeOp::rescue: {
        const bool tried = visit(node.a, input);
        return visit(node.b, false) || tried;  // what it catches is a message
      }
      case NativeOp::attempt:
      case NativeOp::first:
      case NativeOp::last:
        return visit(node.a, input);
      case NativeOp::select:
        use(visit(node.a, input));
        return input;
      case NativeOp::object:
      case NativeOp::text:
        for (const auto& member : node.members) {
          if (member.name) use(visit(*member.name, input));
          if (member.value) use(visit(*member.value, input));
        }
        return false;
    }
    return true;
  }

  const NativeTree& tree_;
  std::vector<std::string> names_;
  bool whole_ = false;
};

}  // namespace

std::optional<std::vector<std::string>> names_in(const NativeTree& tree) { return Walk(tree).names(); }

}  // namespace leat::pipelines
