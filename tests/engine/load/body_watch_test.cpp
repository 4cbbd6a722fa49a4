#include "engine/load/body_watch.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

using namespace leat::load;

namespace {

/// Wants one text.
class Wants final : public BodyJudge {
 public:
  explicit Wants(std::string text) : text_(std::move(text)) {}
  void restart() override { came_.clear(); }
  void take(std::string_view bytes) override { came_ += bytes; }
  std::string fault() override { return came_ == text_ ? "" : "it was " + came_; }

 private:
  std::string text_;
  std::string came_;
};

}  // namespace

TEST_CASE("BodyWatch: a body is judged piece by piece, and anew if its request is sent once more") {
  BodyWatch watch;
  watch.judge_by(std::make_unique<Wants>("abc"));
  watch.begin(false);
  watch.take("ab");
  watch.restart();
  watch.take("a");
  watch.take("bc");
  CHECK(watch.fault().empty());
  watch.begin(false);
  watch.take("abd");
  CHECK(watch.fault() == "it was abd");
  CHECK_FALSE(watch.has_kept());
}

TEST_CASE("BodyWatch: a copy is kept only if it is wanted, and only of a body that is not too large") {
  BodyWatch watch;
  watch.begin(true);
  watch.take("lost");
  watch.restart();
  watch.take("a");
  watch.take("b");
  CHECK(watch.fault().empty());
  CHECK(watch.has_kept());
  CHECK(watch.take_kept() == "ab");
  watch.begin(true);
  watch.take(std::string(BodyWatch::kMost, 'x'));
  CHECK(watch.has_kept());
  watch.take("x");
  CHECK_FALSE(watch.has_kept());
  watch.begin(false);
  watch.take("ab");
  CHECK_FALSE(watch.has_kept());
}
