#include "engine/async/throw_cancelled.hpp"

#include <doctest/doctest.h>

#include <exception>

using namespace leat::async;

namespace {

/// Notes what a destructor sees that runs because of the exception.
struct SeesUncaught {
  explicit SeesUncaught(int& c) noexcept : count(c) {}
  ~SeesUncaught() { count = std::uncaught_exceptions(); }
  int& count;
};

}  // namespace

TEST_CASE(
    "throw_cancelled: what it throws is caught as Cancelled, by anything that catches it, and passed on by "
    "throw") {
  CHECK_THROWS_AS(throw_cancelled(), Cancelled);
  int caught = 0;
  try {
    try {
      throw_cancelled();
    } catch (const std::exception&) {
      caught = -1;
    } catch (...) {
      ++caught;
      throw;
    }
  } catch (Cancelled) {
    ++caught;
  }
  CHECK(caught == 2);
}

TEST_CASE("throw_cancelled: the exception is uncaught until it is caught, and destructors run on its way") {
  int during = 0;
  try {
    const SeesUncaught local(during);
    throw_cancelled();
  } catch (const Cancelled&) {
    CHECK(during == 1);
    CHECK(std::uncaught_exceptions() == 0);
  }
  CHECK(std::current_exception() == nullptr);
}

TEST_CASE("throw_cancelled: an exception_ptr keeps it beyond its handler") {
  std::exception_ptr kept;
  try {
    throw_cancelled();
  } catch (...) {
    kept = std::current_exception();
  }
  for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(std::rethrow_exception(kept), Cancelled);
}

TEST_CASE("throw_cancelled: if it is thrown while another exception is handled, both end well") {
  try {
    throw 1;
  } catch (int) {
    CHECK_THROWS_AS(throw_cancelled(), Cancelled);
    CHECK_THROWS_AS(throw, int);
  }
  CHECK(std::uncaught_exceptions() == 0);
}
