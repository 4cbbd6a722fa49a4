#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace leat::pipelines::html_test {

/// Pages as people write them.
inline constexpr std::array<std::string_view, 5> kPages{
    R"(<!DOCTYPE html><html lang="en"><head><meta charset=utf-8><title>A &lt;b> page</title>
<base href="/dir/"><link rel=stylesheet href="x.css"><link rel="next" href='?p=2'>
<meta http-equiv="Refresh" content="5; url=/n"><style>a > b { x: "</b>" }</style>
<script>if (a < b) document.write("<a href=no>");</script><noscript><link rel=next href=n></noscript></head>
<body class="b c"><nav><ul><li id=l1><a class="a b" href="/one?a=1&amp;b=2">One</a><li><a href='two'>Two</a>
</ul></nav><p>Text <b>bold <i>both</i></b> and <em id=e>more</em><p>Next<br>line <img src="i.png" alt="x>y">
<div id=d><a href=/card><div class=card><h2>Title</h2><img src=c.png></div></a></div></body></html>)",
    R"(<table id=t><caption><a href=c>C</a></caption><colgroup><col class=x><tr id=r1><td><a href=1>1</a><td id=c2>2
<tr><th><table><tr><td><a href=in>in</a></table><tbody class=y><tr><td><ul><li><a href=l>l</a></ul></td></tr></table>
<form action=/f><input type=hidden name=h id=i><select id=s><option id=o1>1<optgroup><option id=o2 class=z>2</select>
<textarea id=ta><a href=no></textarea><button id=bt>Go</button></form><a href="last">last</a>)",
    R"(<p>SVG <svg class=icon viewBox="0 0 1 1"><title>An icon</title><path d="M0"/><g id=g><use id=u></use></g></svg>
<a href="#top">top</a><math><mi>x</mi><mo id=m>+</mo></math><x-y id=custom><a href=c>c</a></x-y>
<iframe src=i><a href=no></iframe><object id=ob><param id=pa><a href=o>o</a></object><hr class=h>
<dl><dt id=t>t<dd class=d>d<dt>t2</dl><pre>
x</pre><img src=a.png><map><area href=ar></map><!-- <a href=no> --><ruby>r<rt id=rt>t</ruby>)",
    R"(<HTML><HEAD><TITLE>Old</TITLE></HEAD><BODY BGCOLOR=white><CENTER><FONT COLOR=red><A NAME=x></A><A HREF="a.html">A</A>
<TABLE><TR><TD NOWRAP><FONT SIZE=2><A HREF=b.html CLASS=q>B</A></FONT></TD></TR></TABLE><P><A HREF=c.html>C</A><HR>
<IMG SRC=x.gif ALT='a "b"'><BR><LI ID=z><TT>t</TT><NOBR>n</NOBR><H1>h</H1></CENTER></BODY></HTML>)",
    R"(<head><script><!-- <script> "</script>" --></script><style></style></head><a href="a&copy=1&lt;&#x41;&eacute;">x</a>
<template><a href=t>t</a></template><a href=two>2</a><marquee>m</marquee><noscript><img src=n></noscript>)"};

/// What is put into them.
inline constexpr std::array<std::string_view, 74> kPieces{
    "<a href=x>",     "</a>",          "<b class=k>",
    "</b>",           "<i>",           "</i>",
    "<p id=p>",       "</p>",          "<div>",
    "</div>",         "<table>",       "</table>",
    "<tr id=tr>",     "</tr>",         "<td id=td>",
    "</td>",          "<th>",          "<tbody>",
    "</tbody>",       "<caption>",     "</caption>",
    "<colgroup>",     "<col id=col>",  "<li id=li>",
    "</li>",          "<ul>",          "</ul>",
    "<dd>",           "<select>",      "</select>",
    "<option id=op>", "</option>",     "<form id=f>",
    "</form>",        "<input id=in>", "<input type=HIDDEN class=h>",
    "<button>",       "</button>",     "<svg>",
    "</svg>",         "<title>",       "</title>",
    "<desc>",         "<math>",        "<mi>",
    "</math>",        "<script>",      "</script>",
    "<style>",        "</style>",      "<textarea>",
    "</textarea>",    "<!--",          "-->",
    "<![CDATA[",      "]]>",           "<body class=2>",
    "<head id=h>",    "</head>",       "</body>",
    "</html>",        "<base href=b>", "<image id=im>",
    "<nobr>",         "<object>",      "</object>",
    "<x-y id=xy>",    "</x-z>",        "<h2>",
    "</h3>",          "<br id=br>",    "</br>",
    "<noscript>",     "</noscript>"};

/// Makes pages of these, each with some mistakes: the same ones for the same seed on every machine.
class PageMutations {
 public:
  explicit PageMutations(unsigned seed) : random_(seed) {}

  std::string next() {
    std::string page(kPages[below(kPages.size())]);
    for (std::size_t mistakes = below(8); mistakes > 0; --mistakes) change(page);
    return page;
  }

 private:
  // Not std::uniform_int_distribution, which is another one in each library.
  std::size_t below(std::size_t count) { return random_() % count; }

  std::size_t place(const std::string& page) {
    const std::size_t at = below(page.size() + 1);
    return below(2) == 0 ? at : std::min(page.find('<', at), page.size());
  }

  void change(std::string& page) {
    const std::size_t at = place(page);
    constexpr std::string_view kSigns = "<>/='\"&! -a\t\n";
    switch (below(6)) {
      case 0:
        page.erase(at, below(40));
        break;
      case 1:
        page.insert(place(page), page.substr(at, below(80)));
        break;
      case 2:
        page.insert(at, 1, kSigns[below(kSigns.size())]);
        break;
      default:
        page.insert(at, kPieces[below(kPieces.size())]);
        break;
    }
  }

  std::mt19937 random_;
};

}  // namespace leat::pipelines::html_test
