#include "pipelines/expr/native_node.hpp"

#include <utility>

namespace leat::pipelines {

namespace {

bool is_single(const NativeNode& made, const std::vector<NativeNode>& nodes) {
  switch (made.op) {
    case NativeOp::identity:
    case NativeOp::constant:
    case NativeOp::negation:
    case NativeOp::test:
    case NativeOp::starts_with:
    case NativeOp::ends_with:
    case NativeOp::has:
    case NativeOp::length:
      return true;
    case NativeOp::field:
    case NativeOp::index:
      return !made.optional && nodes[made.a].single;
    case NativeOp::equal:
    case NativeOp::not_equal:
    case NativeOp::less:
    case NativeOp::less_equal:
    case NativeOp::greater:
    case NativeOp::greater_eq:
    case NativeOp::both:
    case NativeOp::either:
    case NativeOp::pipe:
      return nodes[made.a].single && nodes[made.b].single;
    case NativeOp::iterate:
    case NativeOp::alternative:
    case NativeOp::comma:
    case NativeOp::attempt:
    case NativeOp::select:
    case NativeOp::empty:
    case NativeOp::array:
    case NativeOp::object:
      return false;
  }
  return false;
}

}  // namespace

std::uint32_t NativeTree::add(NativeNode node) {
  node.single = is_single(node, nodes);
  nodes.push_back(std::move(node));
  return static_cast<std::uint32_t>(nodes.size() - 1);
}

std::uint32_t NativeTree::add(NativeOp op, std::uint32_t a, std::uint32_t b) {
  NativeNode node;
  node.op = op;
  node.a = a;
  node.b = b;
  return add(std::move(node));
}

std::optional<std::uint32_t> NativeTree::add_constant(std::string json) {
  auto made = std::make_unique<NativeConstant>();
  made->text = std::move(json);
  if (made->doc.parse(made->text)) return std::nullopt;
  NativeNode node;
  node.op = NativeOp::constant;
  node.constant = made->doc.root();
  constants.push_back(std::move(made));
  return add(std::move(node));
}

}  // namespace leat::pipelines
