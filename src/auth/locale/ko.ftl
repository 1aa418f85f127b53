# 로그인, 로그아웃, 비밀번호. 장고의 용어를 따른다.

auth-username = 사용자 이름
auth-email = 이메일 주소
auth-password = 비밀번호
auth-password-again = 비밀번호 확인
auth-password-again-help = 확인을 위해 이전과 동일한 비밀번호를 입력하세요.
auth-old-password = 기존 비밀번호
auth-new-password = 새 비밀번호
auth-new-password-again = 새 비밀번호 (확인)
auth-username-help = 150자 이하 문자, 숫자 그리고 @/./+/-/_만 가능합니다.
auth-email-help = 입력하지 않아도 됩니다.
auth-password-help-similar = 다른 개인 정보와 유사한 비밀번호는 사용할 수 없습니다.
auth-password-help-short = 비밀번호는 최소 8자 이상이어야 합니다.
auth-password-help-common = 통상적으로 자주 사용되는 비밀번호는 사용할 수 없습니다.
auth-password-help-numeric = 숫자로만 이루어진 비밀번호는 사용할 수 없습니다.

auth-title-error = 오류:
auth-correct-errors = 아래 오류들을 수정하기 바랍니다.
auth-error-required = 필수 항목입니다.
auth-error-null = null 문자는 사용할 수 없습니다.
auth-error-too-long = 이 값이 최대 { $most } 개의 글자인지 확인하세요(입력값 { $length } 자).
auth-error-username = 유효한 사용자 이름을 입력하세요. 이곳에는 문자, 숫자, @/./+/-/_만 가능합니다.
auth-error-username-taken = 해당 사용자 이름은 이미 존재합니다.
auth-error-email = 올바른 이메일 주소를 입력하세요.
auth-error-mismatch = 비밀번호가 일치하지 않습니다.
auth-error-similar = 비밀번호가 { $attribute }와 너무 유사합니다.
auth-error-short = 이 비밀번호는 너무 짧습니다. 최소 { $least }자 이상이어야 합니다.
auth-error-common = 너무 흔히 사용되는 비밀번호입니다.
auth-error-numeric = 비밀번호가 전부 숫자로 되어 있습니다.
auth-error-old-password = 기존 비밀번호를 잘못 입력하셨습니다. 다시 입력해 주세요.

# 위 문장에서 부르는 이름.
auth-attribute-username = 사용자 이름
auth-attribute-first-name = 이름
auth-attribute-last-name = 성
auth-attribute-email = 이메일 주소

auth-log-in = 로그인
auth-login-wrong = 관리자 계정의 사용자 이름과 비밀번호를 입력해주세요. 대소문자를 구분해서 입력해주세요.
auth-login-too-many = 로그인에 여러 번 실패했습니다. 몇 분 뒤에 다시 시도해 주세요.
auth-unauthorised = { $username } 로 인증되어 있지만, 이 페이지에 접근 가능한 권한이 없습니다. 다른 계정으로 로그인하시겠습니까?

auth-logged-out = 로그아웃
auth-thanks = 사이트를 이용해 주셔서 고맙습니다.
auth-log-in-again = 다시 로그인하기

auth-password-change = 비밀번호 변경
auth-password-change-about = 보안을 위해 기존 비밀번호를 입력한 다음, 새 비밀번호를 정확히 입력했는지 확인할 수 있도록 두 번 입력해 주세요.
auth-change-my-password = 비밀번호 변경
auth-password-change-done = 비밀번호를 변경하였습니다.
auth-password-changed = 비밀번호가 변경되었습니다. 다른 곳에서는 모두 로그아웃되었습니다.
auth-end-others-about = 다른 기기에 로그인한 채로 남아 있다면 여기에서 로그아웃할 수 있습니다.
auth-end-others = 다른 곳에서 모두 로그아웃
auth-others-ended = 다른 곳에서 모두 로그아웃했습니다.

auth-setup = 첫 관리자 만들기
auth-setup-about = 아직 사용자가 없습니다. 여기에 입력하는 사람은 모든 권한을 갖습니다.
auth-setup-make = 관리자 만들기
