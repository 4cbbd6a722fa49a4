#include "engine/load/answer_sample.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using leat::load::AnswerSample;

namespace {

// The numbers of the requests whose answers are kept, if there are that many.
std::vector<std::uint32_t> kept_of(std::uint32_t requests, std::size_t threads, std::size_t bytes = 1) {
  AnswerSample sample(threads);
  for (std::uint32_t i = 0; i < requests; ++i) {
    if (sample.wants_next()) sample.keep({i, 200, std::string(bytes, 'x')});
  }
  std::vector<std::uint32_t> numbers;
  for (const auto& answer : sample.take()) numbers.push_back(answer.target);
  return numbers;
}

}  // namespace

TEST_CASE("AnswerSample: a few answers are all kept, and of many an even share") {
  CHECK(kept_of(0, 1).empty());
  CHECK(kept_of(1, 4).size() == 1);
  CHECK(kept_of(1000, 1).size() == 1000);
  for (const std::uint32_t requests : {1001U, 5000U, 100'000U}) {
    const auto kept = kept_of(requests, 1);
    CHECK(kept.size() <= 1000);
    CHECK(kept.size() >= 500);
    const std::uint32_t step = kept[1] - kept[0];
    for (std::size_t i = 0; i < kept.size(); ++i) CHECK(kept[i] == i * step);
    CHECK(kept.back() + step >= requests);
  }
}

TEST_CASE("AnswerSample: threads share its room, and so do large bodies") {
  CHECK(kept_of(10'000, 4).size() <= 250);
  CHECK(kept_of(200, 1, std::size_t{1} << 20).size() <= 64);
  CHECK(kept_of(200, 1, std::size_t{1} << 20).size() >= 32);
}
