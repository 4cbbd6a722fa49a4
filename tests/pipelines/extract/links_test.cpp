#include "pipelines/extract/links.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;
using leat::http::BaseUrl;
using Urls = std::vector<std::string>;

TEST_CASE("url_form: attributes are URLs only on the elements that define them as URLs") {
  CHECK(url_form("a", "href", false) == UrlForm::one);
  CHECK(url_form("x-y", "src", false) == UrlForm::one);
  CHECK(url_form("form", "action", false) == UrlForm::one);
  CHECK(url_form("div", "action", false) == UrlForm::none);
  CHECK(url_form("object", "data", false) == UrlForm::one);
  CHECK(url_form("div", "data", false) == UrlForm::none);
  CHECK(url_form("img", "alt", false) == UrlForm::none);
  CHECK(url_form("source", "srcset", false) == UrlForm::candidates);
  CHECK(url_form("meta", "content", false) == UrlForm::none);
  CHECK(url_form("meta", "content", true) == UrlForm::refresh);
}

TEST_CASE("urls_in: a srcset is split into candidates as the HTML standard says") {
  const BaseUrl base("http://h/d/");
  const auto of = [&](std::string_view value) { return urls_in(value, UrlForm::candidates, base); };
  CHECK(of("a 1x, b 2x") == Urls{"http://h/d/a", "http://h/d/b"});
  CHECK(of("a,b 1x") == Urls{"http://h/d/a,b"});
  CHECK(of("a, b") == Urls{"http://h/d/a", "http://h/d/b"});
  CHECK(of(" , a 100w,\n b 200w , ") == Urls{"http://h/d/a", "http://h/d/b"});
  CHECK(of("a calc(1,2), b") == Urls{"http://h/d/a", "http://h/d/b"});
  CHECK(of("data:image/png;base64,AA== 1x, b") == Urls{"data:image/png;base64,AA==", "http://h/d/b"});
  CHECK(of("") == Urls{});
  CHECK(of(" ,, ") == Urls{});
}

TEST_CASE("urls_in: the target of a refresh is found, however it is written") {
  const BaseUrl base("http://h/d/");
  const auto of = [&](std::string_view value) { return urls_in(value, UrlForm::refresh, base); };
  CHECK(of("5; url=a") == Urls{"http://h/d/a"});
  CHECK(of("0;URL = 'a b' x") == Urls{"http://h/d/a%20b"});
  CHECK(of("0, \"a\"") == Urls{"http://h/d/a"});
  CHECK(of("0.5 url=http://o/") == Urls{"http://o/"});
  CHECK(of("5") == Urls{});
  CHECK(of("") == Urls{});
}

TEST_CASE("urls_in: each word is a URL") {
  CHECK(urls_in(" a\n/b ", UrlForm::words, BaseUrl("http://h/d/")) == Urls{"http://h/d/a", "http://h/b"});
}
