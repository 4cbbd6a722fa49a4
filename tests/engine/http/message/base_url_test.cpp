#include "engine/http/message/base_url.hpp"

#include <doctest/doctest.h>

using leat::http::BaseUrl;
using leat::http::resolve_url;

namespace {

struct Row {
  const char* reference;
  const char* url;
};

// RFC 3986, 5.4.1 and 5.4.2, with "http:g" as browsers read it.
constexpr Row kRfc[] = {
    {"g:h", "g:h"},
    {"g", "http://a/b/c/g"},
    {"./g", "http://a/b/c/g"},
    {"g/", "http://a/b/c/g/"},
    {"/g", "http://a/g"},
    {"//g", "http://g"},
    {"?y", "http://a/b/c/d;p?y"},
    {"g?y", "http://a/b/c/g?y"},
    {"#s", "http://a/b/c/d;p?q#s"},
    {"g#s", "http://a/b/c/g#s"},
    {"g?y#s", "http://a/b/c/g?y#s"},
    {";x", "http://a/b/c/;x"},
    {"g;x", "http://a/b/c/g;x"},
    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
    {"", "http://a/b/c/d;p?q"},
    {".", "http://a/b/c/"},
    {"./", "http://a/b/c/"},
    {"..", "http://a/b/"},
    {"../", "http://a/b/"},
    {"../g", "http://a/b/g"},
    {"../..", "http://a/"},
    {"../../", "http://a/"},
    {"../../g", "http://a/g"},
    {"../../../g", "http://a/g"},
    {"../../../../g", "http://a/g"},
    {"/./g", "http://a/g"},
    {"/../g", "http://a/g"},
    {"g.", "http://a/b/c/g."},
    {".g", "http://a/b/c/.g"},
    {"g..", "http://a/b/c/g.."},
    {"..g", "http://a/b/c/..g"},
    {"./../g", "http://a/b/g"},
    {"./g/.", "http://a/b/c/g/"},
    {"g/./h", "http://a/b/c/g/h"},
    {"g/../h", "http://a/b/c/h"},
    {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
    {"g;x=1/../y", "http://a/b/c/y"},
    {"g?y/./x", "http://a/b/c/g?y/./x"},
    {"g?y/../x", "http://a/b/c/g?y/../x"},
    {"g#s/./x", "http://a/b/c/g#s/./x"},
    {"g#s/../x", "http://a/b/c/g#s/../x"},
    {"http:g", "http://a/b/c/g"},
};

// What browsers make of links that are not written as RFC 3986 has it (WHATWG, URL; as in WPT's
// urltestdata.json), on http://a:8/b/c?d.
constexpr Row kWeb[] = {
    {"\\x", "http://a:8/x"},
    {"x\\y?z\\#\\", "http://a:8/b/x/y?z\\#\\"},
    {"..\\x", "http://a:8/x"},
    {"\\\\h\\x", "http://h/x"},
    {"/\\h/x", "http://h/x"},
    {"///h/x", "http://h/x"},
    {"//////h", "http://h"},
    {"http:x", "http://a:8/b/x"},
    {"HTTP:x?y", "http://a:8/b/x?y"},
    {"http:", "http://a:8/b/c?d"},
    {"http:/x", "http://a:8/x"},
    {"http:\\x", "http://a:8/x"},
    {"http:#f", "http://a:8/b/c?d#f"},
    {"http:?q", "http://a:8/b/c?q"},
    {"http:..", "http://a:8/"},
    {"http://h", "http://h"},
    {"http:\\\\h\\x", "http://h/x"},
    {"http:///h/x", "http://h/x"},
    {"https:h/x", "https://h/x"},
    {"https:/h/x", "https://h/x"},
    {"https:///h", "https://h"},
    {"https:\\h", "https://h"},
    {"\x01\x1F x \x02", "http://a:8/b/x"},
    {"ht\ntp:/\t/h/\r\nx", "http://h/x"},
    {"\n/\n/\nh", "http://h"},
    {"x y\x01z", "http://a:8/b/x%20y%01z"},
    {"java\nscript:f( 1 )", "javascript:f( 1 )"},
    {"mailto:a\\b", "mailto:a\\b"},
    {"tel:+1 2", "tel:+1 2"},
    {"data:text/html,\\", "data:text/html,\\"},
    {"c:\\x", "c:\\x"},
    {":x", "http://a:8/b/:x"},
    {"?", "http://a:8/b/c?"},
};

}  // namespace

TEST_CASE("BaseUrl: it resolves RFC 3986's examples") {
  const BaseUrl base("http://a/b/c/d;p?q");
  for (const Row& row : kRfc) {
    CAPTURE(row.reference);
    CHECK(base.resolve(row.reference) == row.url);
  }
}

TEST_CASE("BaseUrl: backslashes, slashes too many or few, and control characters are read as browsers do") {
  const BaseUrl base("http://a:8/b/c?d");
  for (const Row& row : kWeb) {
    CAPTURE(row.reference);
    CHECK(base.resolve(row.reference) == row.url);
    CHECK(resolve_url("http://a:8/b/c?d", row.reference) == row.url);
  }
  CHECK(BaseUrl("https://a/b").resolve("http:x") == "http://x");
  CHECK(BaseUrl("https://a/b").resolve("https:x") == "https://a/x");
  CHECK(BaseUrl("ftp://a/b/").resolve("x\\y") == "ftp://a/b/x\\y");
}

TEST_CASE("BaseUrl: a plain reference needs only what stands before it, and any other one is refused") {
  const auto plain = [](const BaseUrl& base, std::string_view reference) {
    std::string out = "|";
    return base.append_plain(out, reference) ? out : out + "no";
  };
  const BaseUrl base("http://a:8/b/c?d");
  CHECK(plain(base, "p1.html") == "|http://a:8/b/p1.html");
  CHECK(plain(base, "x/y//z?a=b&c=/../#e") == "|http://a:8/b/x/y//z?a=b&c=/../#e");
  CHECK(plain(base, "/x:y") == "|http://a:8/x:y");
  CHECK(plain(base, "https://h/../x") == "|https://h/../x");
  CHECK(plain(base, "\xC3\xA4~%7e") == "|http://a:8/b/\xC3\xA4~%7e");
  for (const char* reference :
       {"",     "?x",     "#x",      ".",         "..",       "./x",      "x/../y",        "x/.", "//h",
        "///h", "http:x", "http://", "http:///x", "HTTP://h", "mailto:x", "x:y",           "x y", " x",
        "x\ty", "x\\y",   "x?\\",    "x\"y",      "x#\"",     "\x7F",     "javascript:f()"}) {
    CAPTURE(reference);
    CHECK(plain(base, reference) == "|no");
  }
  CHECK(plain(BaseUrl("http://a"), "x") == "|http://a/x");
  CHECK(plain(BaseUrl("http://a/b/../c/./d"), "x") == "|http://a/c/x");
  for (const char* none : {"", "ftp://a/", "http:/a", "http://a/\"/", "x"}) {
    CAPTURE(none);
    CHECK(plain(BaseUrl(none), "x") == "|no");
  }
}

TEST_CASE("BaseUrl: references are cleaned as a browser does") {
  const BaseUrl base("http://a/b/c");
  CHECK(base.resolve(" \n x y \t") == "http://a/b/x%20y");
  CHECK(base.resolve("x\ny\tz\r") == "http://a/b/xyz");
  CHECK(base.resolve("x\x01\x7F") == "http://a/b/x%01%7F");
  CHECK(base.resolve("\xC3\xA4") == "http://a/b/\xC3\xA4");
  CHECK(base.resolve("https://o/x y") == "https://o/x%20y");
  CHECK(base.resolve(" javascript: f(1, 2); ") == "javascript: f(1, 2);");
  CHECK(base.resolve("a:b") == "a:b");
  CHECK(base.resolve("./a:b") == "http://a/b/a:b");
  CHECK(base.resolve("1:b") == "http://a/b/1:b");
}

TEST_CASE("BaseUrl: a base may have no path or a fragment, and a text that is no URL is no base") {
  CHECK(BaseUrl("http://a").resolve("g") == "http://a/g");
  CHECK(BaseUrl("http://a").resolve("?x") == "http://a?x");
  CHECK(BaseUrl("http://a?q").resolve("g") == "http://a/g");
  CHECK(BaseUrl("http://a/b#f").resolve("") == "http://a/b");
  CHECK(BaseUrl("http://u:p@a:8/b").resolve("/g") == "http://u:p@a:8/g");
  CHECK(BaseUrl("http://[::1]:8/b").resolve("g") == "http://[::1]:8/g");
  CHECK(BaseUrl("http://a").is_base());
  CHECK_FALSE(BaseUrl("data:,x").is_base());
  CHECK(BaseUrl("").resolve(" g ") == "g");
  CHECK(BaseUrl("mailto:a@b").resolve("g") == "g");
  CHECK(BaseUrl("/no/scheme").resolve("g") == "g");
}

TEST_CASE("BaseUrl: a single reference is resolved in the same way as by a kept base") {
  const std::string base = "http://a/b/c/d;p?q";
  for (const Row& row : kRfc) CHECK(resolve_url(base, row.reference) == row.url);
  for (const char* reference : {"https://o/x y", "https://o/x", " https://o/ ", "a:b", " mailto:x ", ""}) {
    CHECK(resolve_url(base, reference) == BaseUrl(base).resolve(reference));
  }
  CHECK(resolve_url("", "g") == "g");
}
