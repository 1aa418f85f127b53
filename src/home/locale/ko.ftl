home-title = 환영합니다
home-lead = 무엇을 하시겠어요?
