// Package e2e walks the built program in a real browser. It holds tests only.
//
// A test starts the program (demo, serve), opens tabs with the look it wants
// (width, dark, without scripts), acts by the words a person reads and by the
// fields' names, and reads what comes back. Every page of the list in
// pages_test.go is checked by axe-core and the W3C validator, light and dark, at
// 390 and 1280 pixels, and for horizontal scrolling at 320.
//
// What it needs is looked for in the environment, then where .ci/tools puts it:
//
//	IRM_TEST_CHROMIUM  the browser; otherwise chromium, chromium-browser, google-chrome in PATH
//	IRM_TEST_AXE       axe.min.js of axe-core
//	IRM_TEST_VNU       vnu.jar, run with the java in PATH
//	IRM_SHOTS          a folder for screenshots; none are taken without it
//	IRM_TEST_ALL=1     what is missing fails the test instead of leaving it out
package e2e
