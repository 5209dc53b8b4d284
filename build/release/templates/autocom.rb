class Autocom < Formula
  desc "AutoCom e-commerce platform from your terminal"
  homepage "https://docs.autocom.wexron.io"
  version "@@VERSION@@"
  license "MIT"

  on_macos do
    on_arm do
      url "@@BASE@@/@@DARWIN_ARM64_NAME@@"
      sha256 "@@DARWIN_ARM64_SHA256@@"
    end
    on_intel do
      url "@@BASE@@/@@DARWIN_AMD64_NAME@@"
      sha256 "@@DARWIN_AMD64_SHA256@@"
    end
  end

  on_linux do
    on_arm do
      url "@@BASE@@/@@LINUX_ARM64_NAME@@"
      sha256 "@@LINUX_ARM64_SHA256@@"
    end
    on_intel do
      url "@@BASE@@/@@LINUX_AMD64_NAME@@"
      sha256 "@@LINUX_AMD64_SHA256@@"
    end
  end

  def install
    # The program finds the marker beside itself, and leaves upgrading to Homebrew.
    libexec.install "autocom"
    (libexec/"autocom.managed").write "brew upgrade autocom\n"
    bin.install_symlink libexec/"autocom"
    man1.install "autocom.1"
    bash_completion.install "completions/autocom.bash" => "autocom"
    zsh_completion.install "completions/_autocom"
    fish_completion.install "completions/autocom.fish"
  end

  test do
    assert_equal "autocom #{version}", shell_output("#{bin}/autocom --version").strip
  end
end
