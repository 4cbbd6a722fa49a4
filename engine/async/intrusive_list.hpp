#pragma once

#include <cstddef>

namespace leat::async {

/// A doubly linked node that leaves its list when it is destroyed, so that nothing dangles.
///
/// One object may stand in several lists at once, one for each Tag that it derives from. Not thread-safe. It
/// can be neither copied nor moved, because its address is its identity.
template <class Tag>
class ListNode {
 public:
  ListNode() noexcept = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }

  [[nodiscard]] bool is_linked() const noexcept { return next_ != nullptr; }

  void unlink() noexcept {
    if (next_ == nullptr) return;
    prev_->next_ = next_;
    next_->prev_ = prev_;
    next_ = prev_ = nullptr;
  }

 private:
  template <class T, class U>
  friend class IntrusiveList;
  ListNode* prev_ = nullptr;
  ListNode* next_ = nullptr;
};

/// A FIFO of objects that derive from ListNode<Tag>. It owns nothing; every operation but `count` is O(1).
template <class T, class Tag>
class IntrusiveList {
  using Node = ListNode<Tag>;

 public:
  IntrusiveList() noexcept { head_.next_ = head_.prev_ = &head_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (!empty()) pop_front();
    head_.next_ = nullptr;
  }

  [[nodiscard]] bool empty() const noexcept { return head_.next_ == &head_; }
  [[nodiscard]] T& front() noexcept { return static_cast<T&>(*head_.next_); }

  void push_back(T& item) noexcept {
    Node& node = item;
    node.prev_ = head_.prev_;
    node.next_ = &head_;
    head_.prev_->next_ = &node;
    head_.prev_ = &node;
  }

  T& pop_front() noexcept {
    T& item = front();
    static_cast<Node&>(item).unlink();
    return item;
  }

  /// Calls fn(item) for each item; fn may unlink the item that it is given, and no other.
  template <class Fn>
  void for_each(Fn&& fn) {
    for (Node* node = head_.next_; node != &head_;) {
      Node* next = node->next_;
      fn(static_cast<T&>(*node));
      node = next;
    }
  }

  template <class Fn>
  void for_each(Fn&& fn) const {
    for (const Node* node = head_.next_; node != &head_; node = node->next_) fn(static_cast<const T&>(*node));
  }

  [[nodiscard]] std::size_t count() const noexcept {
    std::size_t total = 0;
    for (const Node* node = head_.next_; node != &head_; node = node->next_) ++total;
    return total;
  }

 private:
  Node head_;
};

}  // namespace leat::async
