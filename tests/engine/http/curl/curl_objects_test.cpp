#include "engine/http/curl/curl_objects.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/http/cookie_jar.hpp"
#include "engine/http/message/parsed_url.hpp"
#include "tests/support/process.hpp"

using namespace leat::http;
using namespace leat::tests;

// Needs a process in which libcurl has done nothing yet: the test below runs it.
TEST_CASE("curl objects: in a new process, a URL may be the first object" * doctest::skip()) {
  ParsedUrl url;
  CHECK(url.assign(Url("http://127.0.0.1/a")));
  const CookieJar jar;
}

TEST_CASE("curl objects: the first objects go back to the allocator that they came from") {
  const Finished finished =
      run_process({"/proc/self/exe", "--no-skip", "--test-case=curl objects: in a new process*"});
  CHECK(finished.status == 0);
  CHECK(finished.out.find("1 passed") != std::string::npos);
}

TEST_CASE("curl objects: a list keeps its texts in order") {
  Slist list;
  for (const char* text : {"a", "b", "c"}) append(list, text);
  std::string all;
  for (const curl_slist* item = list.get(); item != nullptr; item = item->next) all += item->data;
  CHECK(all == "abc");
}
