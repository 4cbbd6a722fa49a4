#include "pipelines/expr/native_node.hpp"

#include <algorithm>
#include <utility>

namespace leat::pipelines {

namespace {

bool is_single(const NativeNode& made, const NativeTree& tree) {
  const auto single = [&](std::uint32_t index) { return tree.nodes[index].single; };
  switch (made.op) {
    case NativeOp::identity:
    case NativeOp::constant:
    case NativeOp::variable:
    case NativeOp::del:
      return true;
    case NativeOp::field:
    case NativeOp::index:
      return !made.optional && single(made.a);
    case NativeOp::equal:
    case NativeOp::not_equal:
    case NativeOp::less:
    case NativeOp::less_equal:
    case NativeOp::greater:
    case NativeOp::greater_eq:
    case NativeOp::sum:
    case NativeOp::both:
    case NativeOp::either:
    case NativeOp::pipe:
      return single(made.a) && single(made.b);
    case NativeOp::condition:
      return single(made.a) && single(made.b) && single(made.c);
    case NativeOp::call:
      return !tree.takes_argument(made) || single(made.a);
    case NativeOp::text:
      return std::all_of(made.members.begin(), made.members.end(),
                         [&](const NativeMember& part) { return !part.value || single(*part.value); });
    case NativeOp::iterate:
    case NativeOp::alternative:
    case NativeOp::comma:
    case NativeOp::attempt:
    case NativeOp::rescue:
    case NativeOp::binding:
    case NativeOp::select:
    case NativeOp::first:
    case NativeOp::last:
    case NativeOp::empty:
    case NativeOp::array:
    case NativeOp::object:
      return false;
  }
  return false;
}

}  // namespace

std::uint32_t NativeTree::add(NativeNode node) {
  node.single = is_single(node, *this);
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
  if (made->doc.parse(made->text) || made->doc.text() != made->text) return std::nullopt;
  NativeNode node;
  node.op = NativeOp::constant;
  node.constant = made->doc.root();
  constants.push_back(std::move(made));
  return add(std::move(node));
}

}  // namespace leat::pipelines
