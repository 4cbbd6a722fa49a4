#include "engine/async/intrusive_list.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

namespace {

using leat::async::IntrusiveList;
using leat::async::ListNode;

struct RedTag;
struct BlueTag;

struct Item : ListNode<RedTag>, ListNode<BlueTag> {
  explicit Item(int v) : value(v) {}
  [[nodiscard]] bool in_red() const { return ListNode<RedTag>::is_linked(); }
  [[nodiscard]] bool in_blue() const { return ListNode<BlueTag>::is_linked(); }
  int value;
};

using Red = IntrusiveList<Item, RedTag>;
using Blue = IntrusiveList<Item, BlueTag>;

template <class List>
std::vector<int> values(List& list) {
  std::vector<int> seen;
  list.for_each([&](Item& item) { seen.push_back(item.value); });
  return seen;
}

}  // namespace

TEST_CASE("IntrusiveList: what went in first comes out first") {
  Item a(1);
  Item b(2);
  Item c(3);
  Red list;
  list.push_back(a);
  list.push_back(b);
  list.push_back(c);
  CHECK(list.count() == 3);
  CHECK(list.pop_front().value == 1);
  CHECK(list.pop_front().value == 2);
  CHECK(list.front().value == 3);
  CHECK_FALSE(b.in_red());
}

TEST_CASE("IntrusiveList: an item that is destroyed leaves its list") {
  Red list;
  Item a(1);
  list.push_back(a);
  {
    Item b(2);
    list.push_back(b);
  }
  CHECK(values(list) == std::vector{1});
}

TEST_CASE("IntrusiveList: an item leaves from the middle, and leaving twice is harmless") {
  Red list;
  Item a(1);
  Item b(2);
  Item c(3);
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  b.ListNode<RedTag>::unlink();
  b.ListNode<RedTag>::unlink();
  CHECK(values(list) == std::vector{1, 3});
}

TEST_CASE("IntrusiveList: one item can be in two lists at once") {
  Item a(1);
  Item b(2);
  Red red;
  Blue blue;
  red.push_back(a);
  red.push_back(b);
  blue.push_back(b);
  blue.push_back(a);
  CHECK(values(red) == std::vector{1, 2});
  CHECK(values(blue) == std::vector{2, 1});
  red.pop_front();
  CHECK_FALSE(a.in_red());
  CHECK(a.in_blue());
}

TEST_CASE("IntrusiveList: for_each may unlink the item that it is given") {
  Red list;
  Item a(1);
  Item b(2);
  Item c(3);
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  list.for_each([](Item& item) {
    if (item.value != 2) item.ListNode<RedTag>::unlink();
  });
  CHECK(values(list) == std::vector{2});
}

TEST_CASE("IntrusiveList: when a list is destroyed, its items are in no list") {
  Item a(1);
  auto list = std::make_unique<Red>();
  list->push_back(a);
  list.reset();
  CHECK_FALSE(a.in_red());
}
