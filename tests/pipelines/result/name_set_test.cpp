#include "pipelines/result/name_set.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>

using namespace leat::pipelines;

TEST_CASE("NameSet: a name is in it from its insertion to its removal") {
  NameSet set;
  CHECK_FALSE(set.contains("a"));
  CHECK(set.insert("a"));
  CHECK_FALSE(set.insert("a"));
  CHECK(set.contains("a"));
  set.erase("b");
  set.erase("a");
  CHECK_FALSE(set.contains("a"));
  CHECK(set.size() == 0);
}

TEST_CASE("NameSet: it agrees with std::set through all insertions and removals") {
  NameSet set;
  std::set<std::string> model;
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::string name = std::to_string(random() % 700);
    if (random() % 2 == 0) {
      CHECK(set.insert(name) == model.insert(name).second);
    } else {
      set.erase(name);
      model.erase(name);
    }
  }
  CHECK(set.size() == model.size());
  for (int i = 0; i < 700; ++i) {
    const std::string name = std::to_string(i);
    CHECK(set.contains(name) == model.contains(name));
  }
}

TEST_CASE("NameSet: names that differ in one byte, or in their length, are different names") {
  NameSet set;
  std::string name;
  for (int size = 0; size <= 40; ++size, name += 'a') {
    CHECK(set.insert(name));
    for (std::size_t at = 0; at < name.size(); ++at) {
      for (const char c : {'\0', 'b', '\xFF'}) {
        std::string other = name;
        other[at] = c;
        CHECK(set.insert(other));
      }
    }
  }
  CHECK(set.contains("aaaaaaaaa"));
  CHECK_FALSE(set.contains("aaaaaaaac"));
}
