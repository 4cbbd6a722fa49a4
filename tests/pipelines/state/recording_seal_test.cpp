#include "pipelines/state/recording_seal.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// The lists of a recording, sealed.
struct Sealed {
  Sealed() {
    std::filesystem::create_directories(dir / "sequences");
    write("makers", "a 1 2 3\nb 1 2 3\n");
    write("sequences/fetch", "1\n2\n");
    REQUIRE_FALSE(seal_recording(dir.path()));
  }
  void write(const std::string& name, const std::string& text) const { tests::write_file(dir / name, text); }
  // What is wrong with it; empty if nothing.
  [[nodiscard]] std::string fault() const {
    const auto error = check_recording_seal(dir.path());
    return error ? error->message : "";
  }

  tests::TempDir dir;
};

}  // namespace

TEST_CASE("recording seal: lists that are as they were are accepted, and so is a recording without a seal") {
  const Sealed sealed;
  CHECK(sealed.fault() == "");
  sealed.write("makers", "other\n");
  REQUIRE_FALSE(break_recording_seal(sealed.dir.path()));
  CHECK(sealed.fault() == "");
  REQUIRE_FALSE(break_recording_seal(sealed.dir.path()));
}

TEST_CASE("recording seal: a list that was cut, edited or removed is named") {
  struct Case {
    std::string name;
    std::string text;
    std::string message;
  };
  for (const auto& one : {Case{"makers", "a 1 2 3\n", "makers': it has 1 of its 2 lines"},
                          Case{"makers", "", "makers': it has 0 of its 2 lines"},
                          Case{"makers", "a 1 2 3\nb 1 2 4\n", "makers': it was changed since"},
                          Case{"makers", "b 1 2 3\na 1 2 3\n", "makers': it was changed since"},
                          Case{"sequences/fetch", "1\n2\n3\n", "sequences/fetch': it was changed since"},
                          Case{"sequences/fetch", "1\n2", "sequences/fetch': it has 1 of its 2 lines"},
                          Case{"seal", "no seal\n", "seal': line 1 is none that leat has written"},
                          Case{"seal", "2 abc", "seal': line 1 is none that leat has written"}}) {
    CAPTURE(one.message);
    const Sealed sealed;
    sealed.write(one.name, one.text);
    CHECK(sealed.fault().find(one.message) != std::string::npos);
  }
  const Sealed sealed;
  std::filesystem::remove(sealed.dir / "sequences/fetch");
  CHECK(sealed.fault().find("sequences/fetch': it is missing") != std::string::npos);
}
