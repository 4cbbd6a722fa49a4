#include "engine/http/message/robots_txt.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace leat;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

// What refuses the path, as it stands in the file; "" if nothing does.
std::string refusal(std::string_view text, std::string_view path, std::string_view product = "leat") {
  const RobotsTxt robots(text, product);
  const auto* rule = robots.refuses(path);
  return rule == nullptr ? "" : rule->written + " (line " + std::to_string(rule->line) + ")";
}

bool refuses(std::string_view pattern, std::string_view path) {
  return !refusal("user-agent: *\ndisallow: " + std::string(pattern), path).empty();
}

}  // namespace

TEST_CASE("RobotsTxt: a text without a group for the crawler refuses nothing") {
  CHECK(RobotsTxt().refuses("/a") == nullptr);
  CHECK(refusal("", "/a").empty());
  CHECK(refusal("<html>no such page</html>", "/a").empty());
  CHECK(refusal("disallow: /\nuser-agent: other\ndisallow: /", "/a").empty());
  CHECK(refusal("user-agent: *\ndisallow:\n", "/a").empty());
  CHECK(refusal(std::string("\0\xff\n: \nuser-agent", 16), "/a").empty());
}

TEST_CASE("RobotsTxt: groups are found by the product token in any case, and those of one name are one") {
  const std::string text =
      "User-Agent: other\nUSER-AGENT : Leat/2.0 # us\nSitemap: http://h/s.xml\nuser-agent: more\n"
      "Disallow: /a # both\n\nuser-agent: *\ndisallow: /\n\nuser-agent: LEAT\nallow: /a/b\ndisallow: /c\n";
  CHECK(refusal(text, "/a") == "Disallow: /a (line 5)");
  CHECK(refusal(text, "/a/b").empty());
  CHECK(refusal(text, "/c") == "Disallow: /c (line 12)");
  CHECK(refusal(text, "/d").empty());
  CHECK(refusal(text, "/d", "somebody") == "Disallow: / (line 8)");
  CHECK(refusal(text, "/d", "") == "Disallow: / (line 8)");
  CHECK(refusal(text, "/d", "more").empty());
  CHECK(refusal(text, "/a", "le") == "Disallow: / (line 8)");
  CHECK(RobotsTxt(text, "leat").agent() == "leat");
  CHECK(RobotsTxt(text, "x").agent() == "*");
  CHECK(refusal("\xEF\xBB\xBFuser-agent: *\rdisallow: /a\r", "/a") == "Disallow: /a (line 2)");
  CHECK(refusal("user-agent: *\r\ndisallow: /a\r\n\r\ndisallow: /b", "/b") == "Disallow: /b (line 4)");
}

TEST_CASE("RobotsTxt: the longest pattern counts, and of two that are as long the one that allows") {
  const std::string text =
      "user-agent: *\nallow: /example/page/\ndisallow: /example/page/disallowed.gif\ndisallow: /same\n"
      "allow: /same\ndisallow: /*.ht\nallow: /p";
  CHECK(refusal(text, "/example/page/x").empty());
  CHECK(refusal(text, "/example/page/disallowed.gif") == "Disallow: /example/page/disallowed.gif (line 3)");
  CHECK(refusal(text, "/same").empty());
  CHECK(refusal(text, "/page.html") == "Disallow: /*.ht (line 6)");
  CHECK(refusal("user-agent: *\ndisallow: /", "/robots.txt").empty());
  CHECK_FALSE(refusal("user-agent: *\ndisallow: /", "/robots.txt?x").empty());
}

TEST_CASE("RobotsTxt: patterns have * for any text and $ for the end, and are prefixes besides") {
  struct Row {
    const char* pattern;
    const char* path;
    bool matches;
  };
  for (const Row& row : {Row{"/fish", "/fish.html", true},
                         {"/fish", "/Fish.asp", false},
                         {"/fish", "/catfish", false},
                         {"/fish*", "/fishheads/yummy.html", true},
                         {"/fish/", "/fish", false},
                         {"/fish/", "/fish/?id=1", true},
                         {"/*.php", "/folder/filename.php?parameters", true},
                         {"/*.php", "/windows.PHP", false},
                         {"/*.php$", "/filename.php", true},
                         {"/*.php$", "/filename.php?parameters", false},
                         {"/*.php$", "/a.php.php", true},
                         {"/fish*.php", "/fishheads/catfish.php?x", true},
                         {"/fish*.php", "/Fish.PHP", false},
                         {"/a*b*c$", "/abcbc", true},
                         {"/a*b*c$", "/acb", false},
                         {"/$", "/", true},
                         {"/$", "/a", false},
                         {"*", "/x", true},
                         {"/**x", "/aax", true},
                         {"/a$b", "/a$b", true},
                         {"/a$b", "/a", false},
                         {"/a%2A", "/a*", true},
                         {"/a%2A", "/ab", false},
                         {"/a%24", "/a$", true},
                         {"/a*$", "/a*$", true},
                         {"private", "/private", false},
                         {"/", "", true},
                         {"/?", "?q", true}}) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    CHECK(refuses(row.pattern, row.path) == row.matches);
  }
}

TEST_CASE("RobotsTxt: percent-encoding that means nothing makes no difference") {
  CHECK(refuses("/foo/bar/%E3%83%84", "/foo/bar/\xE3\x83\x84"));
  CHECK(refuses("/foo/bar/\xE3\x83\x84", "/foo/bar/%e3%83%84"));
  CHECK(refuses("/foo/bar/%62%61%7A", "/foo/bar/baz"));
  CHECK(refuses("/foo/bar/baz", "/foo/bar/%62%61%7a"));
  CHECK(refuses("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
  CHECK(refuses("/foo/bar?baz=https%3a%2f%2ffoo.bar", "/foo/bar?baz=https://foo.bar#part"));
  CHECK_FALSE(refuses("/a/b", "/a%2Fb"));
  CHECK(refuses("/a%2fb", "/a%2Fb"));
  CHECK(refuses("/100%", "/100%"));
  CHECK(refuses("/a%zz", "/a%zz"));
}

TEST_CASE("RobotsTxt: the delay is that of the crawler's own groups") {
  const auto delay = [](const std::string& text) { return RobotsTxt(text, "leat").delay(); };
  CHECK(delay("user-agent: *\ncrawl-delay: 2.5\n") == 2500ms);
  CHECK(delay("user-agent: *\ncrawl-delay: 9\nuser-agent: leat\ncrawl-delay: 1\nuser-agent: leat\n"
              "Crawl-Delay: 3") == 3s);
  CHECK(delay("user-agent: *\ncrawl-delay: 9\nuser-agent: leat\nallow: /") == 0s);
  CHECK(delay("user-agent: *\ncrawl-delay: 1e9") == 24h);
  for (const auto* value : {"", "-1", "soon", "nan", "inf", "1s", "0"}) {
    CAPTURE(value);
    CHECK(delay("user-agent: *\ncrawl-delay: " + std::string(value)) == 0s);
  }
}

TEST_CASE("RobotsTxt: what is behind 500 KiB is not read") {
  std::string text = "user-agent: *\n" + std::string(RobotsTxt::kMostBytes - 14, '#');
  text += "\ndisallow: /\n";
  CHECK(refusal(text, "/a").empty());
  text.erase(20, 100);
  CHECK_FALSE(refusal(text, "/a").empty());
}

TEST_CASE("RobotsTxt: the product token is what the User-Agent begins with") {
  CHECK(product_token("leat/1.0 (x)") == "leat");
  CHECK(product_token("My_Bot-X 2") == "My_Bot-X");
  CHECK(product_token("").empty());
  CHECK(product_token("7bot").empty());
}
