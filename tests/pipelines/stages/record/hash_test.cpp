#include "pipelines/stages/record/hash.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Hash: the digest of the body goes to the place in as=, and is sha256 unless another is named") {
  const Ran ran = run_spec("urls $O/ok/1 | fetch | hash | hash md5 as=meta.m | write json fields=meta");
  CHECK(std::string(ran.lines.at(0)["meta"]["sha256"].GetString()) ==
        "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22");
  CHECK(std::string(ran.lines.at(0)["meta"]["m"].GetString()) == "eff5bc1ef8ec9d03e640fc4370f5eacd");
}

TEST_CASE("Hash: for a large body a thread of the pool computes the same digest, and the body stays") {
  const Ran ran = run_spec("urls $O/size/600K/x | fetch | hash sha1 | write json fields=meta,body");
  CHECK(ran.lines.at(0)["body"].GetStringLength() > 600'000);  // this is not UTF-8
  CHECK(ran.lines.at(0)["meta"]["sha1"].GetStringLength() == 40);
}

TEST_CASE("Hash: without a body the digest is that of an empty text, and a failed record has none") {
  const Ran ran = run_spec("urls $O/1 gopher://a.org/ | hash md5 | write json fields=id,meta");
  CHECK(std::string(ran.of_id(1)["meta"]["md5"].GetString()) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(ran.of_id(2).is_null("meta"));
}
